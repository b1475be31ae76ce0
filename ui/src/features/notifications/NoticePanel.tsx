import { Badge, Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { ArrowRight } from "lucide-react";
import { useEffect } from "react";
import type { NotificationDetail } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { capital } from "@/shared/numbers";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { DeliveryLog } from "./DeliveryLog";
import { NoticeMenu } from "./NoticeMenu";
import classes from "./Notifications.module.css";
import { useRead } from "./newest";
import { useDeliveries, useNotice } from "./queries";
import { useGoTo } from "./useGoTo";

const COLORS = { info: "blue", warning: "yellow", critical: "red" };

export function NoticePanel({ id, onClose }: { id: string; onClose: () => void }) {
	const notice = useNotice(id);
	return (
		<SlideOver
			title={notice.data?.title ?? "Notice"}
			about={notice.data?.kind_title}
			actions={notice.data && <NoticeMenu notice={notice.data} />}
			onClose={onClose}
		>
			{notice.isPending ? (
				<LoadingPanel what="notice" />
			) : failed(notice) ? (
				<ProblemPanel error={notice.error} retry={notice.refetch} />
			) : (
				<Notice notice={notice.data} />
			)}
		</SlideOver>
	);
}

function Notice({ notice }: { notice: NotificationDetail }) {
	const goTo = useGoTo();
	const sent = useDeliveries({ notification_id: notice.id });
	useIsRead(notice);
	const times: [string, string | null][] = [
		[notice.count > 1 ? "First told" : "Told", notice.created_at],
		["Last told", notice.count > 1 ? notice.last_at : null],
		["Over since", notice.settled_at],
		["Put off until", notice.muted_until],
	];
	const facts = Object.entries(notice.facts).filter(([, value]) => value !== null);
	return (
		<>
			<PanelBody>
				<Stack gap="md">
					<Group gap="xs">
						<Badge color={COLORS[notice.severity]} variant="light">
							{capital(notice.severity)}
						</Badge>
						{notice.count > 1 && <Badge color="gray">{notice.count} times</Badge>}
						{notice.muted && <Badge color="gray">{notice.muted_until ? "put off" : "muted"}</Badge>}
						{notice.personal && (
							<Text size="xs" c="dimmed">
								Only you see it
							</Text>
						)}
					</Group>
					{notice.body && (
						<Text size="sm" className={classes.body}>
							{notice.body}
						</Text>
					)}
					<Group gap="lg">
						{times.map(
							([name, at]) =>
								at && (
									<Text key={name} size="xs" c="dimmed">
										{name} <span className="numeric">{moment(at)}</span>
									</Text>
								),
						)}
					</Group>
					{facts.length > 0 && (
						<details>
							<summary style={{ cursor: "pointer", fontSize: 13 }}>Facts</summary>
							<Code block mt="xs">
								{JSON.stringify(Object.fromEntries(facts), null, 2)}
							</Code>
						</details>
					)}
					{sent.data && sent.data.items.length > 0 && (
						<section aria-labelledby="sent">
							<Title order={3} size="h6" mb="xs" id="sent">
								Sent outside the app
							</Title>
							<DeliveryLog rows={sent.data.items} />
						</section>
					)}
				</Stack>
			</PanelBody>
			{notice.href && (
				<PanelFoot>
					<Button rightSection={<ArrowRight size={15} />} onClick={() => goTo(notice)}>
						Go there
					</Button>
				</PanelFoot>
			)}
		</>
	);
}

/** Whoever opens it reads it, unless it was put off: then it is to come back. */
function useIsRead({ id, read: known, muted_until }: NotificationDetail) {
	const { mutate } = useRead();
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each notice; made unread in the panel, it stays so
	useEffect(() => {
		if (!known && !muted_until) mutate({ path: { notification_id: id } });
	}, [id, mutate]);
}
