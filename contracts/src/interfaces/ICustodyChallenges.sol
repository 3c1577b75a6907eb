// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPause} from "./IPause.sol";
import {ISeedBeacon} from "./ISeedBeacon.sol";
import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Challenges to prove custody, and their answers
/// @notice Nobody creates a challenge: each follows from the seed of the epoch, the post and the operator. All about
/// epoch e is over before epoch e + 1 starts, so the contract remembers one epoch; history stands in the events.
interface ICustodyChallenges is IPause {
    /// @notice What became of a well-formed proof.
    enum ProofOutcome {
        Proven,
        AlreadyProven,
        Rejected
    }

    /// @notice What governance sets; a change holds from the next epoch that starts.
    /// @param window Blocks in which to prove, counted from the last block in which the seed can be finalised.
    /// @param maxPause Most blocks that pauses can take from an epoch, and so move its deadlines by.
    /// @param reportWindow Blocks after the deadline in which misses can be reported. Reports end with the epoch: when
    /// everything together is exactly as long as the epoch and a pause takes all it may, the last of them falls away.
    /// @param period A post at level 0 is challenged in one of so many epochs on average; 1 = in each.
    /// @param operatorsAtLevel Most operators challenged for a post, for each level, 1 to 64.
    /// @param blobsAtLevel Most blobs that an operator must open, for each level, 1 to 64.
    /// @param precompileGasCap Gas given to the point evaluation precompile, at least its price of today, 50,000. Other
    /// precompiles get their price of today times precompileGasCap / 50,000, but for SHA-256, which no input makes
    /// fail.
    /// @param custodyBps A post whose operators proved less than this share of their challenges, in 1/10,000,
    /// escalates.
    struct Parameters {
        uint24 window;
        uint24 maxPause;
        uint24 reportWindow;
        uint16 period;
        uint8[3] operatorsAtLevel;
        uint8[3] blobsAtLevel;
        uint24 precompileGasCap;
        uint16 custodyBps;
    }

    /// @notice One proof of several that need not belong together.
    /// @param postId Post of the challenge.
    /// @param operator Who is challenged.
    /// @param points The commitment of the one blob, 48 bytes, or those of k > 1 blobs, 128 bytes each (EIP-2537).
    /// @param paths Merkle paths of the points, one after the other.
    /// @param y Value of the (folded) polynomial at the challenge's point.
    /// @param proof Compressed opening proof, 48 bytes.
    struct ProofItem {
        PostId postId;
        OperatorIndex operator;
        bytes points;
        bytes32[] paths;
        uint256 y;
        bytes proof;
    }

    /// @notice One challenge of a batch with a common opening.
    /// @param postId Post of the challenge.
    /// @param y Value of the (folded) polynomial at the challenge's own point z.
    /// @param inverse 1 / (zeta - z) in the scalar field, zeta being the point of the batch.
    /// @param points The k commitments, 128 bytes each (EIP-2537).
    /// @param paths Their Merkle paths, one after the other.
    struct BatchItem {
        PostId postId;
        uint256 y;
        uint256 inverse;
        bytes points;
        bytes32[] paths;
    }

    /// @notice The last epoch whose seed was finalised, with the parameters frozen for it.
    /// @param seed Seed of the epoch; zero when no seed was ever finalised.
    /// @param epoch The epoch.
    /// @param closesAtBlock Last block in which proofs of the epoch are accepted.
    /// @param reportsCloseAtBlock Last block in which misses of the epoch can be reported. Both count the whole of a
    /// pause that goes on.
    /// @param period See `Parameters`.
    /// @param operatorsAtLevel See `Parameters`.
    /// @param blobsAtLevel See `Parameters`.
    /// @param precompileGasCap See `Parameters`.
    /// @param custodyBps See `Parameters`.
    struct EpochRecord {
        bytes32 seed;
        Epoch epoch;
        uint48 closesAtBlock;
        uint48 reportsCloseAtBlock;
        uint16 period;
        uint8[3] operatorsAtLevel;
        uint8[3] blobsAtLevel;
        uint24 precompileGasCap;
        uint16 custodyBps;
    }

    /// @notice A post that can be challenged.
    /// @param root Merkle root of the commitments; zero for unknown posts.
    /// @param attesters Bitmap of the operators that attested it.
    /// @param blobCount Number of blobs.
    /// @param attestedEpoch Epoch of the attestation; challenges start with the next.
    /// @param endEpoch First epoch without challenges.
    /// @param level Level of the challenges in `touchedEpoch`.
    /// @param nextLevel Level of the challenges in epochs after `touchedEpoch`.
    /// @param isSettled Whether `touchedEpoch` has been settled.
    /// @param isAtRisk Whether the post failed at the last level, or had nobody to challenge, and has not been settled
    /// well since.
    /// @param touchedEpoch Epoch that `level`, `isSettled`, `proven` and `missed` belong to.
    /// @param proven Bit j: the operator challenged in stratum j has proven.
    /// @param missed Bit j: the operator challenged in stratum j has been reported.
    struct Post {
        bytes32 root;
        uint256 attesters;
        uint32 blobCount;
        Epoch attestedEpoch;
        Epoch endEpoch;
        uint8 level;
        uint8 nextLevel;
        bool isSettled;
        bool isAtRisk;
        Epoch touchedEpoch;
        uint64 proven;
        uint64 missed;
    }

    /// @notice What an operator has to prove for a post in an epoch.
    /// @param isChallenged Whether there is anything to prove; if not, all but `deadlineBlock` is zero. Of operators
    /// that were gone before the epoch, nothing is due.
    /// @param salt Salt of the post in the epoch.
    /// @param stratum Place of the operator among those challenged: its bit in `proven` and `missed`.
    /// @param level Level of the challenge.
    /// @param k Number of blobs to open.
    /// @param indexes Their indexes, in the order of the folding.
    /// @param z Where to open.
    /// @param gamma Folding factor; of no meaning when k = 1.
    /// @param deadlineBlock Last block in which a proof is accepted.
    struct Challenge {
        bool isChallenged;
        bytes32 salt;
        uint8 stratum;
        uint8 level;
        uint8 k;
        uint32[] indexes;
        uint256 z;
        uint256 gamma;
        uint64 deadlineBlock;
    }

    /// @notice The seed of an epoch was finalised: its challenges exist from now on.
    /// @param epoch The epoch.
    /// @param seed Its seed.
    /// @param prevRandao That of the seed block (EIP-4399): all in the seed that nobody knew before.
    /// @param seedBlock Number of the block whose prevRandao it is.
    /// @param closesAtBlock Last block in which proofs of the epoch are accepted.
    /// @param parameters The frozen parameters, packed: bits 0-31 the epoch from which on they hold, 32-55 window,
    /// 56-79 maxPause, 128-143 period, 144-167 operatorsAtLevel (level 0 lowest), 168-191 blobsAtLevel, 192-215
    /// precompileGasCap, 216-239 reportWindow, 240-255 custodyBps.
    /// @param finaliser Who called `finaliseSeed`.
    event SeedFinalised(
        Epoch indexed epoch,
        bytes32 seed,
        bytes32 prevRandao,
        uint64 seedBlock,
        uint64 closesAtBlock,
        uint256 parameters,
        address finaliser
    );
    /// @notice No seed of some epochs was finalised in time: nobody was challenged in them. Told when a later seed is
    /// finalised.
    /// @param first First of them; epoch 0 when no seed was finalised before.
    /// @param last Last of them: the epoch before that of the later seed.
    event EpochsVoid(Epoch indexed first, Epoch indexed last);
    /// @notice An operator proved custody.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param submitter Who sent the proof: anybody may.
    /// @param level Level of the challenge, 0 to 2.
    /// @param stratum The operator's bit in `Post.proven`.
    /// @param opening Hash of the 192 bytes that the point evaluation precompile accepted (EIP-4844): versioned hash,
    /// point, value, commitment and proof, of the (folded) blobs or of the batch that the answer came in.
    event ProofAccepted(
        PostId indexed postId,
        Epoch indexed epoch,
        OperatorIndex indexed operator,
        address submitter,
        uint8 level,
        uint8 stratum,
        bytes32 opening
    );
    /// @notice A well-formed proof did not verify; nothing changed.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param submitter Who sent the proof: anybody may.
    /// @param reason 1: the opening is false.
    event ProofRejected(
        PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, address submitter, uint8 reason
    );
    /// @notice The opening of a batch did not verify; nothing changed.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param submitter Who sent the proof: anybody may.
    /// @param reason 1: the opening is false.
    event BatchRejected(Epoch indexed epoch, OperatorIndex indexed operator, address submitter, uint8 reason);
    /// @notice An item of an accepted batch changed nothing.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param reason 1: proven before; 2: the operator is not challenged.
    event BatchItemSkipped(PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, uint8 reason);
    /// @notice An item of `proveMany` reverted.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param item Its place in the call, from 0.
    /// @param reason Selector of its error; zero when it ran out of its gas.
    event ProofUndecodable(
        PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, uint256 item, bytes4 reason
    );
    /// @notice An operator was reported for a challenge that it had not answered in time.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param level Level of the challenge, 0 to 2.
    /// @param reporter Who reported it.
    event ChallengeMissed(
        PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, uint8 level, address reporter
    );
    /// @notice What an epoch proved about a post. Operators that were gone before the epoch are not counted.
    /// @param postId The post.
    /// @param epoch The epoch.
    /// @param level Level of the epoch's challenges, 0 to 2.
    /// @param nextLevel Level of the challenges in the epochs after it.
    /// @param challenged Operators that had to answer.
    /// @param proven Operators of these that did.
    /// @param isAtRisk Whether the post is at risk now.
    /// @param settler Who called `settle`.
    event PostSettled(
        PostId indexed postId,
        Epoch indexed epoch,
        uint8 level,
        uint8 nextLevel,
        uint16 challenged,
        uint16 proven,
        bool isAtRisk,
        address settler
    );
    /// @notice A post failed at the last level, or nobody was left to challenge. It stays at risk until it is settled
    /// well again (`PostSettled` with `isAtRisk` false) or ends.
    /// @param postId The post.
    /// @param epoch Epoch that it failed in.
    event PostAtRisk(PostId indexed postId, Epoch indexed epoch);
    /// @notice A post ends early.
    /// @param postId The post.
    /// @param endEpoch First epoch without challenges.
    event PostEnding(PostId indexed postId, Epoch endEpoch);
    /// @notice The guardian paused the protocol. The deadlines already count the whole pause; `PauseEnded` takes back
    /// what was not used. Until the epoch's seed is finalised they are forecasts.
    /// @param epoch The epoch of now.
    /// @param untilBlock Last block of the pause.
    /// @param closesAtBlock Last block in which proofs of the epoch are accepted.
    /// @param reportsCloseAtBlock Last block in which misses of the epoch can be reported.
    event PauseStarted(Epoch indexed epoch, uint64 untilBlock, uint64 closesAtBlock, uint64 reportsCloseAtBlock);
    /// @notice The guardian ended a pause early: the block of this event is its last one.
    /// @param epoch The epoch of now.
    /// @param closesAtBlock Last block in which proofs of the epoch are accepted.
    /// @param reportsCloseAtBlock Last block in which misses of the epoch can be reported.
    event PauseEnded(Epoch indexed epoch, uint64 closesAtBlock, uint64 reportsCloseAtBlock);
    /// @notice Governance changed the parameters.
    /// @param fromEpoch First epoch that they hold in.
    /// @param parameters All of them.
    event ParametersChanged(Epoch indexed fromEpoch, Parameters parameters);
    /// @notice Governance changed where seeds come from.
    /// @param fromEpoch First epoch whose seed comes from there.
    /// @param beacon Where from.
    event BeaconChanged(Epoch indexed fromEpoch, ISeedBeacon beacon);

    /// @notice Only the attestation relay may do this.
    /// @param caller Who tried.
    error NotAttestationRelay(address caller);
    /// @notice Only the post registry may do this.
    /// @param caller Who tried.
    error NotPostRegistry(address caller);
    /// @notice The post exists already.
    /// @param postId The post.
    error PostAlreadyOpen(PostId postId);
    /// @notice No such post was attested.
    /// @param postId As given.
    error UnknownPost(PostId postId);
    /// @notice A parameter lies outside its bounds.
    /// @param parameters All of them, as given.
    error InvalidParameters(Parameters parameters);
    /// @notice Seed, proofs, pause and reports together must fit into an epoch: delta + finalizeBy + window + maxPause
    /// + reportWindow <= epochLength.
    /// @param neededBlocks The sum.
    /// @param epochLength Blocks in an epoch.
    error EpochTooShort(uint256 neededBlocks, uint256 epochLength);
    /// @notice The seed of the epoch is not the one remembered: not finalised yet, void, or over.
    /// @param epoch As given.
    /// @param recordedEpoch Epoch of the seed that is remembered; 0 when no seed was ever finalised.
    error EpochNotOpen(Epoch epoch, Epoch recordedEpoch);
    /// @notice The post has no challenges in this epoch: attestedEpoch < epoch < endEpoch does not hold.
    /// @param postId The post.
    /// @param epoch As given.
    /// @param attestedEpoch Epoch of its attestation.
    /// @param endEpoch First epoch without challenges.
    error PostNotActive(PostId postId, Epoch epoch, Epoch attestedEpoch, Epoch endEpoch);
    /// @notice The operator is not challenged for the post in this epoch.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator As given.
    error NotChallenged(PostId postId, Epoch epoch, OperatorIndex operator);
    /// @notice The deadline has passed.
    /// @param epoch Epoch of the challenge.
    /// @param deadlineBlock Last block in which a proof was accepted.
    /// @param blockNumber The block of now.
    error DeadlinePassed(Epoch epoch, uint256 deadlineBlock, uint256 blockNumber);
    /// @notice The challenge asks for another number of blobs: one is proven by `prove`, more by `proveFolded`.
    /// @param given Number of commitments given.
    /// @param expected Number of blobs that the challenge asks for.
    error WrongNumberOfBlobs(uint256 given, uint256 expected);
    /// @notice A call has at least one item, and not too many.
    /// @param items Number of items given.
    /// @param maxItems 32.
    error WrongBatchSize(uint256 items, uint256 maxItems);
    /// @notice The items of a call have at most `maxPoints` commitments together: more would not fit a transaction.
    /// @param points Number of uncompressed commitments given or asked for.
    /// @param maxPoints 512.
    error TooManyPoints(uint256 points, uint256 maxPoints);
    /// @notice An item's inverse is not 1 / (zeta - z).
    /// @param item Its place in the batch, from 0.
    /// @param inverse As given.
    error WrongInverse(uint256 item, uint256 inverse);
    /// @notice A value is not below the order of the scalar field of BLS12-381.
    /// @param value As given.
    error ScalarNotCanonical(uint256 value);
    /// @notice 48 bytes are not the canonical compression of a point of G1 of BLS12-381.
    /// @param head The first 32 bytes.
    /// @param tail The last 16 bytes.
    error MalformedPoint(bytes32 head, bytes16 tail);
    /// @notice A precompile that proofs need is missing, or does not work with this much gas.
    /// @param precompile Its address.
    /// @param gasGiven Gas that it was given.
    error PrecompileUnavailable(address precompile, uint256 gasGiven);
    /// @notice The path has not the length that the number of blobs asks for.
    /// @param length Number of siblings given.
    /// @param expected Depth of the post's tree.
    error WrongPathLength(uint256 length, uint256 expected);
    /// @notice The path does not lead from the commitment to the post's root.
    /// @param computedRoot Where the path leads.
    /// @param root The post's root.
    error WrongPath(bytes32 computedRoot, bytes32 root);
    /// @notice Misses can be reported only after the deadline, for as long as the report window lasts.
    /// @param epoch Epoch of the challenge.
    /// @param blockNumber The block of now.
    /// @param opensAtBlock First block of the window.
    /// @param closesAtBlock Last block of the window.
    error OutsideReportWindow(Epoch epoch, uint256 blockNumber, uint256 opensAtBlock, uint256 closesAtBlock);
    /// @notice Posts can be settled only from the deadline to the end of the epoch.
    /// @param epoch The epoch.
    /// @param blockNumber The block of now.
    /// @param opensAtBlock First block of the window.
    /// @param closesAtBlock Last block of the epoch.
    error OutsideSettlement(Epoch epoch, uint256 blockNumber, uint256 opensAtBlock, uint256 closesAtBlock);
    /// @notice The post was settled before.
    /// @param postId The post.
    /// @param epoch The epoch.
    error AlreadySettled(PostId postId, Epoch epoch);
    /// @notice The post is not challenged in this epoch.
    /// @param postId The post.
    /// @param epoch The epoch.
    error PostNotPicked(PostId postId, Epoch epoch);
    /// @notice The operator was gone before the epoch: no proof was due.
    /// @param operator Who was reported.
    /// @param epoch Epoch of the challenge.
    error OperatorVacant(OperatorIndex operator, Epoch epoch);
    /// @notice No pause can start: the epoch's pauses took all that they may, or one goes on. Or no pause can end: none
    /// goes on, or it ends with this block anyway.
    /// @param epoch The epoch of now.
    /// @param pausedBlocks Blocks that pauses take of it, those of a pause that goes on included.
    /// @param maxPause Blocks that they may take.
    error PauseUnavailable(Epoch epoch, uint256 pausedBlocks, uint256 maxPause);
    /// @notice Another beacon must be a contract with the same epochs: `firstBlock`, `epochLength` and `delta`.
    /// @param beacon As given.
    error BeaconScheduleDiffers(ISeedBeacon beacon);
    /// @notice The operator has proven in time.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    error ProvenInTime(PostId postId, Epoch epoch, OperatorIndex operator);
    /// @notice The miss was reported before.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    error MissAlreadyReported(PostId postId, Epoch epoch, OperatorIndex operator);

    /// @notice Finalises the seed of an epoch and freezes its parameters. Anybody may, also while the protocol is
    /// paused; returns without effect when it has been done.
    /// @param epoch The epoch.
    /// @param header RLP header of its seed block.
    function finaliseSeed(Epoch epoch, bytes calldata header) external;

    /// @notice Opens a post to challenges; only for the attestation relay. The stake's contract hears who attested it.
    /// @param postId The post.
    /// @param root Merkle root of its commitments.
    /// @param blobCount Number of its blobs.
    /// @param attesters Bitmap of the operators that attested it.
    /// @param attestedEpoch The epoch of now.
    /// @param endEpoch First epoch without challenges.
    function openPost(
        PostId postId,
        bytes32 root,
        uint32 blobCount,
        uint256 attesters,
        Epoch attestedEpoch,
        Epoch endEpoch
    ) external;

    /// @notice Proves custody of the one blob that the challenge asks for. Anybody may submit; credit goes to the
    /// operator. Malformed input reverts; a well-formed proof that does not verify changes nothing but an event.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param commitment Compressed commitment of the blob, 48 bytes; infinity is refused.
    /// @param path Merkle path from the commitment's leaf to the root, lowest sibling first.
    /// @param y Value of the blob's polynomial at the challenge's point.
    /// @param proof Compressed opening proof, 48 bytes; infinity proves a constant polynomial.
    /// @return outcome Whether the challenge is answered now, was before, or the opening is false.
    function prove(
        PostId postId,
        Epoch epoch,
        OperatorIndex operator,
        bytes calldata commitment,
        bytes32[] calldata path,
        uint256 y,
        bytes calldata proof
    ) external returns (ProofOutcome outcome);

    /// @notice Proves custody of the k > 1 blobs that the challenge asks for, folded into one polynomial. Otherwise
    /// like `prove`.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @param points Commitments of the blobs in the order of the challenge, uncompressed as in EIP-2537, 128 bytes
    /// each.
    /// @param paths Merkle paths of the points, one after the other.
    /// @param y Value of the folded polynomial at the challenge's point.
    /// @param proof Compressed opening proof, 48 bytes.
    /// @return outcome As for `prove`.
    function proveFolded(
        PostId postId,
        Epoch epoch,
        OperatorIndex operator,
        bytes calldata points,
        bytes32[] calldata paths,
        uint256 y,
        bytes calldata proof
    ) external returns (ProofOutcome outcome);

    /// @notice Proves several challenges of one operator with one opening. Malformed items revert; items that are
    /// proven already or not challenged take part in the opening and change nothing else.
    /// @param epoch Epoch of the challenges.
    /// @param operator Who is challenged.
    /// @param items 1 to 32 challenges, with at most 512 points together.
    /// @param quotient Commitment W to the quotient polynomial of the batch, uncompressed, 128 bytes.
    /// @param proof Compressed opening proof at the point of the batch, 48 bytes.
    /// @return isValid Whether the opening verifies; if not, nothing changed but an event.
    function proveBatch(
        Epoch epoch,
        OperatorIndex operator,
        BatchItem[] calldata items,
        bytes calldata quotient,
        bytes calldata proof
    ) external returns (bool isValid);

    /// @notice Submits proofs that need not belong together. An item that reverts is an event, and the others go on.
    /// @param epoch Epoch of the challenges.
    /// @param items 1 to 32 proofs, with at most 512 uncompressed points together.
    /// @param gasPerItem Most gas that an item can burn. Before each item the transaction must still have as much, or
    /// everything reverts with `NotEnoughGas`.
    /// @return proven Number of items that were answered by this call.
    function proveMany(Epoch epoch, ProofItem[] calldata items, uint256 gasPerItem) external returns (uint256 proven);

    /// @notice Reports a challenge that nobody answered in time: the operator is slashed, the caller gets a share.
    /// Once, in the `reportWindow` blocks after the deadline. For a post that was at risk when the epoch began, a miss
    /// at the last level is recorded and costs nothing.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    function reportMissed(PostId postId, Epoch epoch, OperatorIndex operator) external;

    /// @notice Draws the consequences of an epoch for a post that was challenged in it: too few proofs, or nobody left
    /// to give one, raise the level of its next challenges, enough reset it. Once, by anybody, from the deadline to the
    /// end of the epoch. When nobody does, the level stays.
    /// @dev Too few: proven * 10,000 < challenged * custodyBps. A post that fails at the last level stays there and is
    /// at risk; so is one that had nobody left to challenge, at whatever level.
    /// @param postId The post.
    /// @param epoch The epoch, which is not over.
    function settle(PostId postId, Epoch epoch) external;

    /// @notice Brings the end of a post forward to the next epoch; only for the post registry. An end that comes no
    /// later stays where it is.
    /// @param postId The post.
    /// @return endEpoch First epoch without challenges.
    function endPost(PostId postId) external returns (Epoch endEpoch);

    /// @notice Pauses the protocol for what the epoch's cap leaves, at most to the end of the epoch. Whatever deadline
    /// of the epoch has not passed moves by as many blocks: that of proofs and with it that of reports, or only the
    /// latter. Of a pause before the seed is known, finalising it adds the blocks.
    function pause() external;

    /// @notice Ends a pause with this block, and takes back by how much more it moved the deadlines.
    function unpause() external;

    /// @notice Changes where seeds come from, from the next epoch that starts; for governance. The epochs stay the
    /// same, and the parameters that this epoch will have must fit into it beside the new beacon's `finalizeBy`.
    /// @param beacon Contract with the same `firstBlock`, `epochLength` and `delta`.
    function setBeacon(ISeedBeacon beacon) external;

    /// @notice Changes the parameters from the next epoch that starts; for governance.
    /// @param parameters All of them.
    function setParameters(Parameters calldata parameters) external;

    /// @notice The challenge of an operator for a post; never reverts. Known only for the epoch of `epochRecord`.
    /// @param postId Any post.
    /// @param epoch Any epoch.
    /// @param operator Any operator.
    /// @return For every other epoch, one with `isChallenged` false.
    function challengeOf(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (Challenge memory);

    /// @notice The post, all zero when it is unknown.
    /// @param postId Any post.
    /// @return As it was last touched, see `Post.touchedEpoch`.
    function postOf(PostId postId) external view returns (Post memory);

    /// @notice The last epoch whose seed was finalised.
    /// @return All zero when no seed was ever finalised.
    function epochRecord() external view returns (EpochRecord memory);

    /// @notice Last block in which proofs of `epoch` are accepted; a forecast until its seed is finalised.
    /// @param epoch The recorded one or one to come; of others, pauses and parameters are not remembered.
    /// @return Block number; includes the whole of a pause that goes on.
    function deadlineOf(Epoch epoch) external view returns (uint64);

    /// @notice Whether the operator has proven; known only for the epoch of `epochRecord`.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @return False for all other epochs, and for operators that are not challenged.
    function isProven(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool);

    /// @notice Whether the operator was reported; known only for the epoch of `epochRecord`.
    /// @param postId Post of the challenge.
    /// @param epoch Epoch of the challenge.
    /// @param operator Who is challenged.
    /// @return False for all other epochs, and for operators that are not challenged.
    function isMissed(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool);

    /// @notice The parameters that the next epoch to start will have.
    /// @return All of them.
    function parameters() external view returns (Parameters memory);

    /// @notice Where the seeds of the next epoch to start come from.
    /// @return Contract that derives them.
    function beacon() external view returns (ISeedBeacon);
}
