import { Badge, Button, Code, Group, Text } from "@mantine/core";
import { RotateCw } from "lucide-react";
import type { DeliveryOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { duration, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import classes from "./Notifications.module.css";
import { useResend } from "./queries";
import { SORT_NAMES } from "./sorts";

const STATES: Record<DeliveryOut["state"], { label: string; color: string }> = {
	pending: { label: "On its way", color: "blue" },
	held: { label: "Held back", color: "gray" },
	sent: { label: "Sent", color: "teal" },
	failed: { label: "Tried again", color: "orange" },
	given_up: { label: "Given up", color: "red" },
	summed: { label: "In a summary", color: "teal" },
	dropped: { label: "Not needed", color: "gray" },
};

/** What went out, newest first: how it went, what was said, and one more try. */
export function DeliveryLog({ rows }: { rows: DeliveryOut[] }) {
	return (
		<ul className={classes.deliveries}>
			{rows.map((row) => (
				<li key={row.id}>
					<Delivery row={row} />
				</li>
			))}
		</ul>
	);
}

function Delivery({ row }: { row: DeliveryOut }) {
	const { label, color } = STATES[row.state];
	const figures = [
		SORT_NAMES[row.sort],
		moment(row.sent_at ?? row.created_at),
		row.status && `status ${row.status}`,
		row.took_ms !== null && duration(row.took_ms / 1000),
		row.attempts > 1 && `${row.attempts} attempts`,
	];
	return (
		<>
			<Group justify="space-between" wrap="nowrap" gap="xs">
				<Text size="sm" truncate>
					{row.title}
				</Text>
				<Badge color={color} variant="light" style={{ flex: "none" }}>
					{label}
				</Badge>
			</Group>
			<Text size="xs" c="dimmed" className="numeric">
				{figures.filter(Boolean).join(" · ")}
			</Text>
			{row.reason && (
				<Text size="xs" className="sentence">
					{row.reason}
					{row.due_at && row.state !== "pending" && ` Next try ${moment(row.due_at)}.`}
				</Text>
			)}
			<Group justify="space-between" align="flex-start" mt={4} wrap="nowrap">
				{row.request ? (
					<details style={{ minWidth: 0 }}>
						<summary>Request and answer</summary>
						<Code block mt={6} style={{ overflowX: "auto" }} tabIndex={0}>
							{row.request}
						</Code>
						{row.response && (
							<Code block mt={6} style={{ overflowX: "auto" }} tabIndex={0}>
								{row.response}
							</Code>
						)}
					</details>
				) : (
					<span />
				)}
				<Resend row={row} />
			</Group>
		</>
	);
}

function Resend({ row }: { row: DeliveryOut }) {
	const resend = useResend();
	if (row.state === "pending" || !row.notification_id) return null;
	return (
		<Button
			size="compact-xs"
			variant="subtle"
			color="gray"
			leftSection={<RotateCw size={12} />}
			loading={resend.isPending}
			onClick={() =>
				resend.mutate(
					{ path: { delivery_id: row.id } },
					{ onSuccess: () => say("It is sent once more"), onError: (error) => complain(sentence(error)) },
				)
			}
		>
			Send again
		</Button>
	);
}
