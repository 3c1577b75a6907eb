/** The screens a person can go to, in the order of the navigation. */

import {
  IconFiles,
  IconHeartbeat,
  IconLayoutDashboard,
  IconPlayerPlay,
  IconRosetteDiscountCheck,
  IconTargetArrow,
  IconTopologyStar3,
} from '@tabler/icons-react'

export const SCREENS = [
  { to: '/', name: 'overview', Icon: IconLayoutDashboard },
  { to: '/posts', name: 'posts', Icon: IconFiles },
  { to: '/challenges', name: 'challenges', Icon: IconTargetArrow },
  { to: '/proofs', name: 'proofs', Icon: IconRosetteDiscountCheck },
  { to: '/network', name: 'network', Icon: IconTopologyStar3 },
  { to: '/health', name: 'health', Icon: IconHeartbeat },
  { to: '/demo', name: 'demo', Icon: IconPlayerPlay },
] as const
