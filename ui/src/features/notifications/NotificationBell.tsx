import {
	ActionIcon,
	Badge,
	Button,
	Group,
	Indicator,
	Popover,
	ScrollArea,
	Text,
	UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { Bell, BellOff } from "lucide-react";
import type { NotificationOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain } from "@/shared/undo";
import classes from "./NotificationBell.module.css";
import { useNewest, useReadAll } from "./newest";
import { useGoTo } from "./useGoTo";

export function NotificationBell() {
	const [open, { toggle, close }] = useDisclosure();
	const notices = useNewest();
	const readAll = useReadAll();
	const goTo = useGoTo();
	const unread = notices.data?.unread ?? 0;
	const choose = (notice: NotificationOut) => {
		if (notice.href) close();
		goTo(notice);
	};

	return (
		<Popover
			opened={open}
			onChange={(value) => !value && close()}
			width="min(380px, calc(100vw - 16px))"
			position="bottom-end"
			shadow="lg"
			trapFocus
		>
			<Indicator
				label={unread > 99 ? "99+" : unread}
				size={17}
				offset={6}
				disabled={unread === 0}
				color="red.8"
			>
				<Popover.Target>
					<ActionIcon
						variant="subtle"
						color="gray"
						size="lg"
						aria-label={`Notifications, ${unread} unread`}
						onClick={toggle}
					>
						<Bell size={18} strokeWidth={1.8} />
					</ActionIcon>
				</Popover.Target>
			</Indicator>
			<Popover.Dropdown p={0} aria-label="Notifications">
				<Group justify="space-between" px="md" py="xs">
					<Text fw={600} size="sm">
						Notifications
					</Text>
					<Button
						variant="subtle"
						size="compact-xs"
						disabled={unread === 0}
						onClick={() => readAll.mutate({}, { onError: (error) => complain(sentence(error)) })}
					>
						Mark all read
					</Button>
				</Group>
				<ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
					{notices.isPending ? (
						<LoadingRows what="notifications" rows={3} />
					) : failed(notices) ? (
						<ProblemPanel error={notices.error} retry={notices.refetch} />
					) : notices.data.items.length === 0 ? (
						<Empty icon={BellOff} title="Nothing to tell" level={3}>
							A feed that stops, a run that fails, a report that is ready: you read it here, once.
						</Empty>
					) : (
						<ul className={classes.list}>
							{notices.data.items.map((notice) => (
								<li key={notice.id}>
									<UnstyledButton
										className={classes.item}
										data-severity={notice.severity}
										data-unread={!notice.read || undefined}
										onClick={() => choose(notice)}
									>
										<Text size="sm" fw={notice.read ? 400 : 600}>
											{notice.title}{" "}
											{notice.count > 1 && (
												<Badge size="xs" color="gray">
													{notice.count} times
												</Badge>
											)}
										</Text>
										<Text size="xs" c="dimmed" lineClamp={3}>
											{notice.body}
										</Text>
										<Text size="xs" c="dimmed" component="div">
											<Ago at={notice.last_at} />
										</Text>
									</UnstyledButton>
								</li>
							))}
						</ul>
					)}
				</ScrollArea.Autosize>
				<Group justify="space-between" px="xs" py={6} className={classes.foot}>
					<Button
						variant="subtle"
						size="compact-sm"
						renderRoot={(props) => <Link to="/notifications" {...props} onClick={close} />}
					>
						View all
					</Button>
					<Button
						variant="subtle"
						color="gray"
						size="compact-sm"
						renderRoot={(props) => (
							<Link to="/settings" search={{ tab: "notifications" }} {...props} onClick={close} />
						)}
					>
						Choose what you hear
					</Button>
				</Group>
			</Popover.Dropdown>
		</Popover>
	);
}
