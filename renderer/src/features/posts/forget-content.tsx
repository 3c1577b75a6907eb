/** Removes the content of a post that is over, after asking. */

import type { Post } from '@emerald/node-core/contract/shapes.ts'
import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { MutationError } from '../../components/mutation-error.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { useFormat } from '../../format/use-format.ts'

/** The node refuses what it still answers for, which lasts a little longer than the post. */
const FORGETTABLE: ReadonlySet<Post['state']> = new Set(['ended', 'lapsed'])

export function ForgetContent({ post }: { post: Post }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, asking] = useDisclosure(false)
  const forgetting = useMutation(useQueries().posts.forget.mutationOptions())
  if (post.content !== 'held' || !FORGETTABLE.has(post.state)) return null
  return (
    <>
      <Button size="compact-xs" variant="default" loading={forgetting.isPending} onClick={asking.open}>
        {t('posts.forget')}
      </Button>
      <Modal
        opened={isAsking}
        onClose={asking.close}
        title={t('posts.forgetAsk')}
        closeButtonProps={{ 'aria-label': t('common.cancel') }}
      >
        <Text>{t('posts.forgetWarning', { size: format.bytes(post.byteLength) })}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={asking.close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={() => {
              asking.close()
              forgetting.mutate({ postId: post.postId })
            }}
          >
            {t('posts.forget')}
          </Button>
        </Group>
      </Modal>
      <MutationError error={forgetting.error ? readError(forgetting.error) : null} onClose={forgetting.reset} />
    </>
  )
}
