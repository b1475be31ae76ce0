import { Alert, Button, Group, Menu, Stack, Switch, Text, Title } from "@mantine/core";
import { BellOff, BellRing, Send } from "lucide-react";
import type { AlertRuleDetail } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { Advice } from "@/shared/Advice";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { plural } from "@/shared/numbers";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { Ago, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import classes from "./Admin.module.css";
import { inWords, Standing } from "./AlertsTab";
import { useChangeRule, useRemoveRule, useRule, useSilence, useTryRule, useUnsilence } from "./queries";
import { RuleFields, type RuleValues } from "./RuleFields";

export function RulePanel({ id, onClose }: { id: string; onClose: () => void }) {
	const rule = useRule(id);
	return (
		<SlideOver title={rule.data?.title ?? "Rule"} about={rule.data && inWords(rule.data)} onClose={onClose}>
			{rule.isPending ? (
				<LoadingPanel what="rule" />
			) : failed(rule) ? (
				<ProblemPanel error={rule.error} retry={rule.refetch} />
			) : (
				<Rule rule={rule.data} />
			)}
		</SlideOver>
	);
}

function Rule({ rule }: { rule: AlertRuleDetail }) {
	const { done } = usePanel();
	const change = useChangeRule();
	const path = { rule_id: rule.id };
	const form = useKeptForm<RuleValues>({
		initialValues: {
			title: rule.title,
			what_to_do: rule.what_to_do,
			comparison: rule.comparison,
			threshold: rule.threshold,
			window_minutes: rule.window_minutes,
			severity: rule.severity,
			channel: rule.channel,
		},
	});
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				change.mutate(
					{ path, body },
					{ onSuccess: done, onError: (error) => form.setErrors(fieldErrors(error)) },
				),
			)}
			dirty={form.isDirty()}
			saving={change.isPending}
			aside={rule.shipped === null && <Remove id={rule.id} />}
		>
			<Stack gap="md">
				{change.isError && (
					<Alert color="red" role="alert">
						{sentence(change.error)}
					</Alert>
				)}
				<Group gap="sm">
					<Standing rule={rule} />
					<Text size="sm" c="dimmed">
						{rule.firing_since ? (
							<>
								since <Ago at={rule.firing_since} />
							</>
						) : (
							rule.last_value !== null && "all is well"
						)}
						{rule.last_value !== null &&
							`, ${Number(rule.last_value.toPrecision(4))}${rule.last_label ? ` (${rule.last_label})` : ""} at the last look`}
					</Text>
				</Group>
				{rule.what_to_do && (
					<Text size="sm" className={classes.todo}>
						<Advice>{rule.what_to_do}</Advice>
					</Text>
				)}
				<Deeds rule={rule} />
				<RuleFields form={form} />
				<Events rule={rule} />
			</Stack>
		</PanelForm>
	);
}

const SILENCES = [
	{ minutes: 60, label: "For an hour" },
	{ minutes: 8 * 60, label: "For eight hours" },
	{ minutes: 24 * 60, label: "For a day" },
	{ minutes: 7 * 24 * 60, label: "For a week" },
];

function Deeds({ rule }: { rule: AlertRuleDetail }) {
	const change = useChangeRule();
	const silence = useSilence();
	const unsilence = useUnsilence();
	const attempt = useTryRule();
	const path = { rule_id: rule.id };
	const onError = (error: unknown) => complain(sentence(error));
	const silenced = rule.silenced_until !== null && Date.parse(rule.silenced_until) > Date.now();
	return (
		<Group gap="xs">
			<Switch
				label="On"
				checked={rule.enabled}
				onChange={({ currentTarget }) =>
					change.mutate({ path, body: { enabled: currentTarget.checked } }, { onError })
				}
			/>
			{silenced && rule.silenced_until ? (
				<Button
					size="compact-sm"
					variant="default"
					leftSection={<BellRing size={14} />}
					onClick={() => unsilence.mutate({ path }, { onError })}
				>
					Silent until {moment(rule.silenced_until)}: tell again
				</Button>
			) : (
				<Menu position="bottom-start">
					<Menu.Target>
						<Button size="compact-sm" variant="default" leftSection={<BellOff size={14} />}>
							Silence
						</Button>
					</Menu.Target>
					<Menu.Dropdown>
						{SILENCES.map(({ minutes, label }) => (
							<Menu.Item
								key={minutes}
								onClick={() => silence.mutate({ path, body: { minutes } }, { onError })}
							>
								{label}
							</Menu.Item>
						))}
					</Menu.Dropdown>
				</Menu>
			)}
			<Button
				size="compact-sm"
				variant="default"
				leftSection={<Send size={14} />}
				loading={attempt.isPending}
				onClick={() =>
					attempt.mutate(
						{ path },
						{ onSuccess: ({ told }) => say(`${plural(told, "operator")} told of a test`), onError },
					)
				}
			>
				Send a test
			</Button>
		</Group>
	);
}

function Events({ rule }: { rule: AlertRuleDetail }) {
	return (
		<section aria-labelledby="events">
			<Title order={3} size="h6" mb="xs" id="events">
				The last times
			</Title>
			{rule.events.length === 0 ? (
				<Text size="sm" c="dimmed">
					It has told nobody yet.
				</Text>
			) : (
				<ul style={{ margin: 0, paddingLeft: 18 }}>
					{rule.events.map((event) => (
						<li key={event.id}>
							<Text size="sm" span>
								{moment(event.at)}
								{event.test
									? ": a test"
									: event.settled_at
										? ` to ${moment(event.settled_at)}`
										: ", and it goes on"}
							</Text>{" "}
							<Text size="xs" c="dimmed" span>
								{event.told === 0 ? "nobody told" : `${plural(event.told, "operator")} told`}
							</Text>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function Remove({ id }: { id: string }) {
	const { done } = usePanel();
	const remove = useRemoveRule();
	return (
		<ConfirmButton
			question="Remove this rule?"
			consequence="Nobody will be told of it any more, and its history goes with it."
			yes="Remove"
			onConfirm={() =>
				remove.mutate(
					{ path: { rule_id: id } },
					{ onSuccess: done, onError: (error) => complain(sentence(error)) },
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}
