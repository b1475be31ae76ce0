import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { CalendarClock, FileChartColumn, MailCheck, RotateCw } from "lucide-react";
import type { SendingOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, Narrow, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { duration, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useResend, useSendings } from "./leaving";
import { maySendAgain, SendingState } from "./Sending";

type Props = {
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
	onReport: (id: string) => void;
	onSchedule: (id: string) => void;
};

/** Everything that was to be sent, newest first, and what became of it. */
export function SentTab({ open, onOpen, onReport, onSchedule }: Props) {
	const sendings = useSendings();
	const rows = sendings.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	if (sendings.isPending) return <LoadingRows what="sendings" rows={5} />;
	if (failed(sendings)) return <ProblemPanel error={sendings.error} retry={sendings.refetch} />;
	if (rows.length === 0) {
		return (
			<Empty icon={MailCheck} title="Nothing was sent yet">
				Each report and digest that leaves is listed here, with the mail server's answer, or with the reason
				why it stayed at home.
			</Empty>
		);
	}
	const shown = rows.find(({ id }) => id === open);
	return (
		<>
			<DataTable
				label="Sent"
				rows={rows}
				columns={columns(onOpen)}
				id={({ id }) => id}
				open={open}
				onOpen={onOpen}
			/>
			<ShowMore list={sendings} />
			{shown && (
				<SendingPanel
					key={shown.id}
					sending={shown}
					onClose={() => onOpen(undefined)}
					onReport={onReport}
					onSchedule={onSchedule}
				/>
			)}
		</>
	);
}

function columns(onOpen: (id: string) => void): Column<SendingOut>[] {
	return [
		{
			key: "title",
			title: "What",
			render: (row) => (
				<>
					<RowName onClick={() => onOpen(row.id)}>{row.title}</RowName>
					<Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
						{row.address || "–"}
						{row.reason && ` · ${row.reason}`}
					</Text>
					<Narrow>{moment(row.window_at)}</Narrow>
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: ({ state }) => <SendingState state={state} /> },
		{
			key: "when",
			title: "For",
			fit: true,
			from: "medium",
			render: ({ window_at }) => <span className="numeric">{moment(window_at)}</span>,
		},
	];
}

type PanelProps = { sending: SendingOut; onClose: () => void } & Pick<Props, "onReport" | "onSchedule">;

function SendingPanel({ sending, onClose, onReport, onSchedule }: PanelProps) {
	const resend = useResend();
	const may = useCan("analyst");
	const {
		report_id,
		schedule_id,
		state,
		reason,
		status,
		took_ms,
		attempts,
		due_at,
		ends_at,
		sent_at,
		request,
		response,
	} = sending;
	const facts = [
		sent_at && `taken ${moment(sent_at)}`,
		status && `status ${status}`,
		took_ms !== null && took_ms > 0 && duration(took_ms / 1000),
		attempts > 1 && `${attempts} attempts`,
	].filter(Boolean);
	return (
		<SlideOver
			title={sending.title}
			about={`${sending.address || "No address yet"}, for ${moment(sending.window_at)}`}
			onClose={onClose}
		>
			<PanelBody>
				<Stack gap="md">
					<Group gap="sm">
						<SendingState state={state} />
						<Text size="sm" c="dimmed" className="numeric">
							{facts.join(" · ")}
						</Text>
					</Group>
					{reason && (
						<Text size="sm" className="sentence">
							{reason}
							{due_at && state === "failed" && ` Next try ${moment(due_at)}.`}
							{ends_at && ` It is given up at ${moment(ends_at)}.`}
						</Text>
					)}
					{state === "sent" && (
						<Text size="sm" c="dimmed">
							The mail server has taken it. If it comes back later, that lands in the mailbox of its sender
							and is not seen here.
						</Text>
					)}
					{schedule_id && (
						<Button
							size="compact-sm"
							variant="default"
							w="fit-content"
							leftSection={<CalendarClock size={14} />}
							onClick={() => onSchedule(schedule_id)}
						>
							Open its schedule
						</Button>
					)}
					{request && (
						<div>
							<Text size="xs" c="dimmed" mb={4}>
								Head of the mail
							</Text>
							<Code block style={{ overflowX: "auto" }} tabIndex={0}>
								{request}
							</Code>
						</div>
					)}
					{response && (
						<div>
							<Text size="xs" c="dimmed" mb={4}>
								The mail server's answer
							</Text>
							<Code block style={{ overflowX: "auto" }} tabIndex={0}>
								{response}
							</Code>
						</div>
					)}
				</Stack>
			</PanelBody>
			<PanelFoot>
				{report_id && (
					<Button
						variant="default"
						leftSection={<FileChartColumn size={15} />}
						onClick={() => onReport(report_id)}
					>
						Open the report
					</Button>
				)}
				{may && maySendAgain(sending) && (
					<Button
						leftSection={<RotateCw size={15} />}
						loading={resend.isPending}
						onClick={() =>
							resend.mutate(
								{ path: { sending_id: sending.id } },
								{
									onSuccess: () => say("It is sent once more"),
									onError: (error) => complain(sentence(error)),
								},
							)
						}
					>
						Send again
					</Button>
				)}
			</PanelFoot>
		</SlideOver>
	);
}
