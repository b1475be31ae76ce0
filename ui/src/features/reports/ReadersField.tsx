import { ActionIcon, Badge, Button, Group, Input, Select, Text, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { RecipientOut, ReportScheduleOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { confirms } from "@/shared/keys";
import { complain } from "@/shared/undo";
import { TIME_ZONES } from "@/shared/zones";
import classes from "./Leaving.module.css";
import { useMembers, usePauseRecipient, useResumeRecipient } from "./leaving";

export type Reader = Pick<RecipientOut, "user_id" | "email" | "name" | "time_zone"> & Partial<RecipientOut>;

const STATES: Partial<Record<RecipientOut["state"], { label: string; color: string }>> = {
	paused: { label: "Paused", color: "gray" },
	refused: { label: "Refused", color: "orange" },
	unsubscribed: { label: "Unsubscribed", color: "gray" },
};
const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;

type Props = {
	schedule: ReportScheduleOut | undefined;
	value: Reader[];
	error: ReactNode;
	onChange: (readers: Reader[]) => void;
	zone: string;
	disabled: boolean;
};

/** Who gets it: members and people outside, each with the zone whose clock they live by. */
export function ReadersField({ schedule, value, error, onChange, zone, disabled }: Props) {
	const members = useMembers();
	const [address, setAddress] = useState("");
	const [wrong, setWrong] = useState<string>();
	const chosen = new Set(value.map(({ user_id, email }) => user_id ?? email.toLowerCase()));
	const others = members.data?.filter(({ user_id }) => !chosen.has(user_id)) ?? [];
	const take = (reader: Reader) => onChange([...value, reader]);
	const takeAddress = () => {
		const email = address.trim();
		if (!ADDRESS.test(email)) return setWrong("An e-mail address");
		if (chosen.has(email.toLowerCase())) return setWrong("It is there already");
		setWrong(undefined);
		setAddress("");
		take({ user_id: null, email, name: "", time_zone: zone });
	};
	return (
		<Input.Wrapper label="Readers" labelElement="div" error={error}>
			<ul className={classes.readers}>
				{value.map((reader, index) => (
					<li key={reader.user_id ?? reader.email}>
						<div style={{ minWidth: 0 }}>
							<Text size="sm" truncate>
								{reader.name || reader.email}
							</Text>
							{reader.name && (
								<Text size="xs" c="dimmed" truncate>
									{reader.email}
								</Text>
							)}
						</div>
						<Select
							className={classes.zone}
							size="xs"
							aria-label={`Time zone of ${reader.name || reader.email}`}
							searchable
							allowDeselect={false}
							disabled={disabled}
							data={[...new Set([reader.time_zone, ...TIME_ZONES])]}
							value={reader.time_zone}
							onChange={(time_zone) =>
								time_zone && onChange(value.map((one, at) => (at === index ? { ...one, time_zone } : one)))
							}
						/>
						{reader.state === "unsubscribed" ? (
							<span />
						) : (
							<ActionIcon
								variant="subtle"
								color="gray"
								disabled={disabled}
								aria-label={`Take out ${reader.name || reader.email}`}
								onClick={() => onChange(value.filter((_, at) => at !== index))}
							>
								<X size={15} />
							</ActionIcon>
						)}
						{schedule && reader.id && <Standing schedule={schedule.id} reader={reader as RecipientOut} />}
					</li>
				))}
			</ul>
			{!disabled && (
				<Group gap="sm" align="flex-start" mt={4}>
					{others.length > 0 && (
						<Select
							aria-label="Add a member"
							placeholder="Add a member"
							searchable
							value={null}
							style={{ flex: "1 1 180px" }}
							data={others.map(({ user_id, name, email }) => ({
								value: user_id,
								label: name ? `${name} (${email})` : email,
							}))}
							onChange={(id) => {
								const member = others.find(({ user_id }) => user_id === id);
								if (member)
									take({
										user_id: member.user_id,
										email: member.email,
										name: member.name,
										time_zone: zone,
									});
							}}
						/>
					)}
					<TextInput
						aria-label="Address outside"
						placeholder="Or an address outside"
						type="email"
						style={{ flex: "1 1 180px" }}
						value={address}
						error={wrong}
						onChange={(event) => setAddress(event.currentTarget.value)}
						onKeyDown={(event) => {
							if (!confirms(event)) return;
							event.preventDefault();
							takeAddress();
						}}
					/>
					<Button
						variant="default"
						leftSection={<Plus size={15} />}
						disabled={address.trim() === ""}
						onClick={takeAddress}
					>
						Add
					</Button>
				</Group>
			)}
		</Input.Wrapper>
	);
}

/** Why a reader gets nothing, and what can be done about it. */
function Standing({ schedule, reader }: { schedule: string; reader: RecipientOut }) {
	const pause = usePauseRecipient();
	const resume = useResumeRecipient();
	const shown = STATES[reader.state];
	const path = { report_schedule_id: schedule, recipient_id: reader.id };
	const onError = (error: unknown) => complain(sentence(error));
	if (!shown) return null;
	return (
		<Group gap="xs" className={classes.note} wrap="nowrap" align="flex-start">
			<Badge color={shown.color} variant="light" style={{ flex: "none" }}>
				{shown.label}
			</Badge>
			<Text size="xs" c="dimmed" className="sentence" style={{ flex: 1 }}>
				{reader.reason}
			</Text>
			{reader.state !== "unsubscribed" && (
				<Button
					size="compact-xs"
					variant="subtle"
					loading={pause.isPending || resume.isPending}
					onClick={() => resume.mutate({ path }, { onError })}
				>
					Try again
				</Button>
			)}
		</Group>
	);
}
