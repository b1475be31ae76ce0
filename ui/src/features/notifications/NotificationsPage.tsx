import { ActionIcon, Badge, Button, Group, Select, Switch, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { BellOff, CheckCheck, CircleAlert, Info, Settings, TriangleAlert } from "lucide-react";
import type { NotificationOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { type Column, DataTable, Narrow } from "@/shared/DataTable";
import { Filters, Words } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, moment } from "@/shared/time";
import { complain } from "@/shared/undo";
import { NoticeMenu } from "./NoticeMenu";
import classes from "./Notifications.module.css";
import { useReadAll } from "./newest";
import { useKinds, useNotices } from "./queries";
import type { NotificationsSearch, Severity, Span } from "./search";
import { sinceOf } from "./snoozes";
import { useGoTo } from "./useGoTo";

const NoticePanel = later(async () => (await import("./NoticePanel")).NoticePanel);

type Props = { search: NotificationsSearch; onSearch: (change: Partial<NotificationsSearch>) => void };

export function NotificationsPage({ search, onSearch }: Props) {
	const { q, kind, severity, since, unread, notice: open } = search;
	const kinds = useKinds();
	const readAll = useReadAll();
	const from = sinceOf(since);
	const notices = useNotices({
		limit: 50,
		...(q && { q }),
		...(kind && { kind: [kind] }),
		...(severity && { severity: [severity] }),
		...(from && { since: from }),
		...(unread && { unread }),
	});
	const rows = notices.data?.pages.flatMap(({ items }) => items) ?? [];
	const waiting = notices.data?.pages[0]?.unread ?? 0;
	const onOpen = (notice: string | undefined) => onSearch({ notice });
	const columns = useColumns(onOpen);
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const narrowed = q || kind || severity || since || unread;
	return (
		<Page
			title="Notifications"
			about={waiting > 0 ? `${plural(waiting, "unread notice")}` : "What happened, and what you were told of"}
			actions={
				<>
					<Button
						variant="default"
						leftSection={<CheckCheck size={16} />}
						disabled={waiting === 0}
						onClick={() => readAll.mutate({}, { onError: (error) => complain(sentence(error)) })}
					>
						Mark all read
					</Button>
					<ActionIcon
						variant="default"
						size={36}
						aria-label="Choose what you hear"
						renderRoot={(props) => <Link to="/settings" search={{ tab: "notifications" }} {...props} />}
					>
						<Settings size={17} />
					</ActionIcon>
				</>
			}
		>
			<Filters>
				<Words
					label="Search notices"
					placeholder="Words in a notice"
					value={q}
					onFind={(words) => onSearch({ q: words })}
				/>
				<Select
					aria-label="Kind"
					placeholder="Any kind"
					clearable
					searchable
					value={kind ?? null}
					onChange={(value) => onSearch({ kind: value ?? undefined })}
					data={kinds.data?.map(({ name, title }) => ({ value: name, label: title })) ?? []}
				/>
				<Select
					aria-label="Severity"
					placeholder="Any severity"
					clearable
					value={severity ?? null}
					onChange={(value) => onSearch({ severity: (value as Severity | null) ?? undefined })}
					data={[
						{ value: "info", label: "Info" },
						{ value: "warning", label: "Warning" },
						{ value: "critical", label: "Critical" },
					]}
				/>
				<Select
					aria-label="Time"
					placeholder="Any time"
					clearable
					value={since ?? null}
					onChange={(value) => onSearch({ since: (value as Span | null) ?? undefined })}
					data={[
						{ value: "1d", label: "Last 24 hours" },
						{ value: "7d", label: "Last 7 days" },
						{ value: "30d", label: "Last 30 days" },
					]}
				/>
			</Filters>
			<Switch
				size="sm"
				label="Only unread"
				checked={unread ?? false}
				onChange={({ currentTarget }) => onSearch({ unread: currentTarget.checked || undefined })}
			/>
			{notices.isPending ? (
				<LoadingRows what="notices" />
			) : failed(notices) ? (
				<ProblemPanel error={notices.error} retry={notices.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={BellOff} title={narrowed ? "No notice is like that" : "Nothing to tell"}>
					{narrowed
						? "Take a filter away to see more."
						: "A feed that stops, a run that fails, a report that is ready: you read it here, once."}
				</Empty>
			) : (
				<>
					<DataTable
						label="Notifications"
						rows={rows}
						columns={columns}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
					<ShowMore list={notices} />
				</>
			)}
			{open && <NoticePanel key={open} id={open} onClose={() => onOpen(undefined)} />}
		</Page>
	);
}

const ICONS = { info: Info, warning: TriangleAlert, critical: CircleAlert };

function useColumns(onOpen: (id: string) => void): Column<NotificationOut>[] {
	const goTo = useGoTo();
	return [
		{
			key: "notice",
			title: "Notice",
			render: (notice) => {
				const Icon = ICONS[notice.severity];
				return (
					<Group gap="sm" wrap="nowrap" align="flex-start">
						<Icon
							size={17}
							className={classes.severity}
							data-severity={notice.severity}
							role="img"
							aria-label={notice.severity}
						/>
						<div style={{ minWidth: 0 }}>
							<Group gap={6} wrap="nowrap" align="flex-start">
								{!notice.read && <span className={classes.dot} role="img" aria-label="Unread" />}
								<NoticeTitle notice={notice} onGo={goTo} onOpen={onOpen} />
							</Group>
							<Text size="xs" c="dimmed" lineClamp={1} className="sentence">
								{notice.body || notice.kind_title}
							</Text>
							<Narrow>
								<Ago at={notice.last_at} />
							</Narrow>
							<Marks notice={notice} />
						</div>
					</Group>
				);
			},
		},
		{ key: "kind", title: "Kind", fit: true, from: "wide", render: ({ kind_title }) => kind_title },
		{ key: "when", title: "When", fit: true, from: "medium", render: ({ last_at }) => <Ago at={last_at} /> },
		{
			key: "more",
			title: "",
			fit: true,
			render: (notice) => <NoticeMenu notice={notice} onDetails={() => onOpen(notice.id)} />,
		},
	];
}

type TitleProps = {
	notice: NotificationOut;
	onGo: (notice: NotificationOut) => void;
	onOpen: (id: string) => void;
};

/** Leads to the thing that the notice speaks of; without one to its details. */
function NoticeTitle({ notice, onGo, onOpen }: TitleProps) {
	const follow = (event: React.MouseEvent) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		event.stopPropagation();
		if (notice.href) onGo(notice);
		else onOpen(notice.id);
	};
	return (
		<a
			href={notice.href ?? `/notifications?notice=${notice.id}`}
			className={classes.title}
			data-unread={!notice.read || undefined}
			onClick={follow}
		>
			{notice.title}
		</a>
	);
}

function Marks({ notice: { count, settled_at, muted, muted_until } }: { notice: NotificationOut }) {
	if (count === 1 && !settled_at && !muted) return null;
	return (
		<Group gap={4} mt={4}>
			{count > 1 && (
				<Badge size="xs" color="gray">
					{count} times
				</Badge>
			)}
			{settled_at && (
				<Badge size="xs" color="teal" variant="light">
					over
				</Badge>
			)}
			{muted && (
				<Badge size="xs" color="gray">
					{muted_until ? `until ${moment(muted_until)}` : "muted"}
				</Badge>
			)}
		</Group>
	);
}
