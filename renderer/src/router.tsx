/** Which screen stands at which route. Routes live in the URL fragment, so that any static server can serve the build. */

import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { ChallengeScreen } from './features/challenges/challenge-screen.tsx'
import { ChallengesScreen } from './features/challenges/challenges-screen.tsx'
import { DemoScreen } from './features/demo/demo-screen.tsx'
import { HealthScreen } from './features/health/health-screen.tsx'
import { NetworkScreen } from './features/network/network-screen.tsx'
import { OverviewScreen } from './features/overview/overview-screen.tsx'
import { PostScreen } from './features/posts/post-screen.tsx'
import { PostsScreen } from './features/posts/posts-screen.tsx'
import { ProofScreen } from './features/proofs/proof-screen.tsx'
import { ProofsScreen } from './features/proofs/proofs-screen.tsx'
import { AppFrame } from './frame/app-frame.tsx'
import { CrashScreen } from './frame/crash-screen.tsx'
import { NotFound } from './frame/not-found.tsx'

const root = createRootRoute({ component: AppFrame, notFoundComponent: NotFound })
const at = <const Path extends string>(path: Path, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component })

const routeTree = root.addChildren([
  at('/', OverviewScreen),
  at('/posts', PostsScreen),
  at('/posts/$postId', PostScreen),
  at('/challenges', ChallengesScreen),
  at('/challenges/$id', ChallengeScreen),
  at('/proofs', ProofsScreen),
  at('/proofs/$id', ProofScreen),
  at('/network', NetworkScreen),
  at('/health', HealthScreen),
  at('/demo', DemoScreen),
])

export function createAppRouter() {
  return createRouter({
    routeTree,
    history: createHashHistory(),
    defaultErrorComponent: ({ reset }) => <CrashScreen reset={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
