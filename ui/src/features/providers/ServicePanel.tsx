import { Alert, Code, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { PlugZap } from "lucide-react";
import type { ReactNode } from "react";
import type { BreakerOut, ProviderOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { count, percent } from "@/shared/numbers";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { Empty } from "@/shared/states";
import { moment } from "@/shared/time";
import { say } from "@/shared/undo";
import { useSetRules } from "./queries";
import { RuleFields } from "./RuleFields";
import { ServiceState } from "./ServiceState";
import { TryNow } from "./TryNow";
import { Waiting } from "./Waiting";
import { callsText, limitText, nameOf, nextTry, type RuleValues, rulesOf, valuesOf } from "./words";

type Props = { breaker: BreakerOut | undefined; provider: ProviderOut | undefined; onClose: () => void };

export function ServicePanel({ breaker, provider, onClose }: Props) {
	return (
		<SlideOver title={breaker?.title ?? "Service"} about={breaker && nameOf(breaker)} onClose={onClose}>
			{breaker && provider ? (
				<Service breaker={breaker} provider={provider} />
			) : (
				<Empty icon={PlugZap} title="There is no such service" level={3}>
					It may never have been called, or the link is of another installation.
				</Empty>
			)}
		</SlideOver>
	);
}

type ServiceProps = { breaker: BreakerOut; provider: ProviderOut };

function Service({ breaker, provider }: ServiceProps) {
	const { done } = usePanel();
	const set = useSetRules();
	const form = useForm<RuleValues>({ initialValues: valuesOf(provider.rules) });
	return (
		<PanelForm
			onSubmit={form.onSubmit((values) =>
				set.mutate(
					{ path: { provider: provider.provider }, body: rulesOf(values) },
					{
						onSuccess: () => {
							say(`From now on this holds for ${provider.title}`);
							done();
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty()}
			saving={set.isPending}
			disabled={!form.isDirty()}
			aside={<TryNow breaker={breaker} />}
		>
			{set.isError && (
				<Alert color="red" role="alert" mb="md">
					{sentence(set.error)}
				</Alert>
			)}
			<Details breaker={breaker} provider={provider}>
				<RuleFields form={form} provider={provider} />
			</Details>
		</PanelForm>
	);
}

function Details({ breaker, provider, children }: ServiceProps & { children: ReactNode }) {
	const { state, reason, what_to_do, message, failure_class, failure_code } = breaker;
	const facts: [string, string | null][] = [
		["Left alone since", state === "closed" ? null : breaker.opened_at && moment(breaker.opened_at)],
		["Next try", state === "closed" ? null : nextTry(breaker)],
		["Quota begins anew", breaker.resets_at && moment(breaker.resets_at)],
		["It asked for a pause until", breaker.left_alone_until && moment(breaker.left_alone_until)],
		[
			"Fewer at the same time",
			breaker.slowed_until && `${breaker.slowed_to ?? 1} until ${moment(breaker.slowed_until)}`,
		],
		["Openings in a row", breaker.openings > 1 ? count(breaker.openings) : null],
		[
			"Calls in the last minute",
			callsText({ calls: breaker.calls_last_minute, failures: breaker.failures_last_minute }),
		],
		["Under way", count(breaker.under_way)],
		["Waiting for their turn", count(breaker.in_line)],
	];
	return (
		<Stack gap="lg">
			<Group gap="sm">
				<ServiceState state={state} />
				<Waiting provider={provider} />
			</Group>
			{reason && (
				<Alert color={state === "open" ? "red" : "yellow"} title={reason}>
					{what_to_do && <Text size="sm">{what_to_do}</Text>}
					<Text size="xs" mt="xs">
						<Code>{[failure_class, failure_code].filter(Boolean).join(" / ")}</Code>
					</Text>
				</Alert>
			)}
			{message && (
				<section aria-labelledby="said">
					<Title order={3} size="h6" mb="xs" id="said">
						What it said
					</Title>
					<Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
						{message}
					</Code>
				</section>
			)}
			<section aria-labelledby="facts">
				<Title order={3} size="h6" mb="xs" id="facts">
					How it stands
				</Title>
				<Stack gap={6}>
					{facts.map(
						([name, value]) =>
							value && (
								<Group key={name} justify="space-between" gap="md" wrap="nowrap">
									<Text size="sm" c="dimmed">
										{name}
									</Text>
									<Text size="sm" ta="right" className="numeric">
										{value}
									</Text>
								</Group>
							),
					)}
				</Stack>
			</section>
			<Limits breaker={breaker} />
			<Budget provider={provider} />
			{children}
		</Stack>
	);
}

const SOURCES = { default: "known beforehand", headers: "as it says itself", setting: "set by an operator" };

function Limits({ breaker }: { breaker: BreakerOut }) {
	return (
		<section aria-labelledby="limits">
			<Title order={3} size="h6" mb="xs" id="limits">
				What it allows
			</Title>
			{breaker.limits.length === 0 ? (
				<Text size="sm" c="dimmed">
					It has said nothing of limits.
				</Text>
			) : (
				<Stack gap="sm">
					{breaker.limits.map((limit) => (
						<Meter
							key={`${limit.metric} ${limit.window_seconds}`}
							text={limitText(limit)}
							about={SOURCES[limit.source]}
							used={limit.used}
							most={limit.most}
						/>
					))}
				</Stack>
			)}
		</section>
	);
}

function Budget({ provider: { budget, title } }: { provider: ProviderOut }) {
	const refused = budget.refused > 0 ? `, ${count(budget.refused)} more were put off` : "";
	return (
		<section aria-labelledby="budget">
			<Title order={3} size="h6" mb="xs" id="budget">
				Calls made again
			</Title>
			<Meter
				text={`${count(budget.retries)} of ${count(budget.allowed)} in ten minutes${refused}`}
				about={`at most ${percent(budget.share)} of the calls to ${title}`}
				used={budget.retries}
				most={budget.allowed}
			/>
		</section>
	);
}

function Meter({ text, about, used, most }: { text: string; about: string; used: number; most: number }) {
	const share = most > 0 ? Math.min(1, used / most) : 1;
	return (
		<div>
			<Group justify="space-between" gap="xs">
				<Text size="sm" className="numeric">
					{text}
				</Text>
				<Text size="xs" c="dimmed">
					{about}
				</Text>
			</Group>
			<Progress
				mt={4}
				size="sm"
				value={share * 100}
				color={share >= 1 ? "red" : share >= 0.8 ? "yellow" : "iris"}
				aria-label={text}
			/>
		</div>
	);
}
