// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISeedBeacon} from "./ISeedBeacon.sol";
import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Challenges to prove custody, and their answers
/// @notice Nobody creates a challenge: each follows from the seed of the epoch, the post and the operator. All about
/// epoch e is over before epoch e + 1 starts, so the contract remembers one epoch; history stands in the events.
interface ICustodyChallenges {
    /// @notice What became of a well-formed proof.
    enum ProofOutcome {
        Proven,
        AlreadyProven,
        Rejected
    }

    /// @notice What governance sets; a change holds from the next epoch that starts.
    /// @param window Blocks in which to prove, counted from the last block in which the seed can be finalised.
    /// @param maxPause Most blocks by which a pause can move the deadline of an epoch.
    /// @param reportWindow Blocks after the deadline in which misses can be reported.
    /// @param period A post at level 0 is challenged in one of so many epochs on average; 1 = in each.
    /// @param operatorsAtLevel Most operators challenged for a post, for each level, 1 to 64.
    /// @param blobsAtLevel Most blobs that an operator must open, for each level, 1 to 64.
    /// @param precompileGasCap Gas given to the point evaluation precompile, at least 50,000.
    struct Parameters {
        uint24 window;
        uint24 maxPause;
        uint24 reportWindow;
        uint16 period;
        uint8[3] operatorsAtLevel;
        uint8[3] blobsAtLevel;
        uint24 precompileGasCap;
    }

    /// @notice The last epoch whose seed was finalised, with the parameters frozen for it.
    /// @param seed Seed of the epoch; zero when no seed was ever finalised.
    /// @param epoch The epoch.
    /// @param closesAtBlock Last block in which proofs of the epoch are accepted.
    /// @param pausedSinceBlock Block since which the contract has been paused; 0 when it is not.
    /// @param reportWindow See `Parameters`.
    /// @param period See `Parameters`.
    /// @param operatorsAtLevel See `Parameters`.
    /// @param blobsAtLevel See `Parameters`.
    /// @param precompileGasCap See `Parameters`.
    struct EpochRecord {
        bytes32 seed;
        Epoch epoch;
        uint48 closesAtBlock;
        uint48 pausedSinceBlock;
        uint24 reportWindow;
        uint16 period;
        uint8[3] operatorsAtLevel;
        uint8[3] blobsAtLevel;
        uint24 precompileGasCap;
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
    /// @param flags State bits; none is in use.
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
        uint8 flags;
        Epoch touchedEpoch;
        uint64 proven;
        uint64 missed;
    }

    /// @notice What an operator has to prove for a post in an epoch.
    /// @param isChallenged Whether there is anything to prove; if not, all but `deadlineBlock` is zero.
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
    /// @param parameters The frozen parameters, packed: bits 0-31 the epoch from which on they hold, 32-55 window,
    /// 56-79 maxPause, 128-143 period, 144-167 operatorsAtLevel (level 0 lowest), 168-191 blobsAtLevel, 192-215
    /// precompileGasCap, 216-239 reportWindow.
    event SeedFinalised(
        Epoch indexed epoch,
        bytes32 seed,
        bytes32 prevRandao,
        uint64 seedBlock,
        uint64 closesAtBlock,
        uint256 parameters,
        address finaliser
    );
    /// @notice An operator proved custody. `stratum` is its bit among those challenged; `submitter` may be anybody.
    event ProofAccepted(
        PostId indexed postId,
        Epoch indexed epoch,
        OperatorIndex indexed operator,
        address submitter,
        uint8 level,
        uint8 stratum,
        uint256 z,
        uint256 y,
        bytes proof
    );
    /// @notice A well-formed proof did not verify; nothing changed. Reason 1: the opening is false.
    event ProofRejected(
        PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, address submitter, uint8 reason
    );
    /// @notice An operator was reported for a challenge that it had not answered in time.
    event ChallengeMissed(
        PostId indexed postId, Epoch indexed epoch, OperatorIndex indexed operator, uint8 level, address reporter
    );
    /// @notice Governance changed the parameters; they hold from `fromEpoch` on.
    event ParametersChanged(Epoch indexed fromEpoch, Parameters parameters);

    /// @notice Only the attestation relay may do this.
    error NotAttestationRelay(address caller);
    /// @notice The post exists already.
    error PostAlreadyOpen(PostId postId);
    /// @notice No such post was attested.
    error UnknownPost(PostId postId);
    /// @notice A parameter lies outside its bounds.
    error InvalidParameters(Parameters parameters);
    /// @notice Seed, proofs, pause and reports together must fit into an epoch.
    error EpochTooShort(uint256 neededBlocks, uint256 epochLength);
    /// @notice The seed of `epoch` is not the one remembered: not finalised yet, void, or over.
    error EpochNotOpen(Epoch epoch, Epoch recordedEpoch);
    /// @notice The post has no challenges in this epoch: attestedEpoch < epoch < endEpoch does not hold.
    error PostNotActive(PostId postId, Epoch epoch, Epoch attestedEpoch, Epoch endEpoch);
    /// @notice The operator is not challenged for the post in this epoch.
    error NotChallenged(PostId postId, Epoch epoch, OperatorIndex operator);
    /// @notice The deadline has passed.
    error DeadlinePassed(Epoch epoch, uint256 deadlineBlock, uint256 blockNumber);
    /// @notice The challenge asks for `k` blobs, to be folded into one proof.
    error FoldedProofRequired(uint256 k);
    /// @notice `y` is not below the order of the scalar field.
    error ScalarNotCanonical(uint256 value);
    /// @notice The path has not the length that the number of blobs asks for.
    error WrongPathLength(uint256 length, uint256 expected);
    /// @notice The path does not lead from the commitment to the post's root.
    error WrongPath(bytes32 computedRoot, bytes32 root);
    /// @notice Misses can be reported only in blocks `opensAtBlock` to `closesAtBlock`.
    error OutsideReportWindow(Epoch epoch, uint256 blockNumber, uint256 opensAtBlock, uint256 closesAtBlock);
    /// @notice The operator has proven in time.
    error ProvenInTime(PostId postId, Epoch epoch, OperatorIndex operator);
    /// @notice The miss was reported before.
    error MissAlreadyReported(PostId postId, Epoch epoch, OperatorIndex operator);

    /// @notice Finalises the seed of an epoch and freezes its parameters. Anybody may; returns without effect when it
    /// has been done.
    /// @param epoch The epoch.
    /// @param header RLP header of its seed block.
    function finaliseSeed(Epoch epoch, bytes calldata header) external;

    /// @notice Opens a post to challenges; only for the attestation relay.
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
    /// @param commitment Compressed commitment of the blob, 48 bytes.
    /// @param path Merkle path from the commitment's leaf to the root, lowest sibling first.
    /// @param y Value of the blob's polynomial at the challenge's point.
    /// @param proof Compressed opening proof, 48 bytes.
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

    /// @notice Reports a challenge that nobody answered in time: the operator is slashed, the caller gets a share.
    /// Once, in the `reportWindow` blocks after the deadline.
    function reportMissed(PostId postId, Epoch epoch, OperatorIndex operator) external;

    /// @notice Changes the parameters from the next epoch that starts.
    function setParameters(Parameters calldata parameters) external;

    /// @notice The challenge of an operator for a post; never reverts. Known only for the epoch of `epochRecord`.
    function challengeOf(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (Challenge memory);

    /// @notice The post, all zero when it is unknown.
    function postOf(PostId postId) external view returns (Post memory);

    /// @notice The last epoch whose seed was finalised.
    function epochRecord() external view returns (EpochRecord memory);

    /// @notice Last block in which proofs of `epoch` are accepted; a forecast until its seed is finalised.
    function deadlineOf(Epoch epoch) external view returns (uint64);

    /// @notice Whether the operator has proven; known only for the epoch of `epochRecord`.
    function isProven(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool);

    /// @notice Whether the operator was reported; known only for the epoch of `epochRecord`.
    function isMissed(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool);

    /// @notice The parameters that the next epoch to start will have.
    function parameters() external view returns (Parameters memory);

    /// @notice Where seeds come from.
    function beacon() external view returns (ISeedBeacon);
}
