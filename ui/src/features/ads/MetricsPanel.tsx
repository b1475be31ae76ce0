import {
	ActionIcon,
	Button,
	Checkbox,
	Code,
	Group,
	Select,
	Stack,
	Text,
	TextInput,
	Title,
} from "@mantine/core";
import { Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import type { AdMetricOut, NewAdMetric } from "@/api/generated/types.gen";
import { isProblem, sentence } from "@/api/problems";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { complain, offerUndo, say } from "@/shared/undo";
import classes from "./Ads.module.css";
import { useChangeMetric, useMakeMetric, useRemoveMetric } from "./adQueries";

const SHOWN = [
	{ value: "number", label: "A number" },
	{ value: "percent", label: "Percent" },
	{ value: "times", label: "Times (1.80×)" },
	{ value: "money", label: "Money" },
	{ value: "seconds", label: "Seconds" },
];
const BETTER = [
	{ value: "up", label: "More is better" },
	{ value: "down", label: "Less is better" },
	{ value: "none", label: "Neither" },
];
const EMPTY: NewAdMetric = {
	name: "",
	title: "",
	formula: "",
	shown: "number",
	direction: "up",
	summable: false,
};

/** Metrics of the organization's own: made by a formula, shown as columns. */
export function MetricsPanel({ metrics, onClose }: { metrics: AdMetricOut[]; onClose: () => void }) {
	return (
		<SlideOver
			title="Own metrics"
			about="Columns by a formula of others, for all of the organization"
			onClose={onClose}
		>
			<Form metrics={metrics} />
		</SlideOver>
	);
}

function Form({ metrics }: { metrics: AdMetricOut[] }) {
	const { done } = usePanel();
	const [made, setMade] = useState(EMPTY);
	const [before, setBefore] = useState(EMPTY);
	const [changing, setChanging] = useState<string>();
	const title = useRef<HTMLInputElement>(null);
	const change = useChangeMetric();
	const make = useMakeMetric();
	const again = useMakeMetric();
	const remove = useRemoveMetric();
	const set = (change: Partial<NewAdMetric>) => setMade((old) => ({ ...old, ...change }));
	const own = metrics.filter(({ group }) => group === "own");
	const onError = (error: unknown) => complain(sentence(error));
	const edit = (metric?: AdMetricOut) => {
		const from = metric ? asMade(metric) : EMPTY;
		if (made !== before)
			offerUndo(`${made.title || "What you wrote"} is not kept`, () => {
				setMade(made);
				setBefore(before);
				setChanging(changing);
			});
		setMade(from);
		setBefore(from);
		setChanging(metric?.id ?? undefined);
		make.reset();
		change.reset();
		title.current?.focus();
	};
	const forget = (metric: AdMetricOut) => {
		const { id, title } = metric;
		if (!id) return;
		if (id === changing) edit();
		const same = asMade(metric);
		const putBack = () => again.mutate({ body: same }, { onError });
		remove.mutate(
			{ path: { own_metric_id: id } },
			{ onSuccess: () => offerUndo(`Removed ${title}`, putBack), onError },
		);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const { name: _, ...changed } = made;
		const ended = (words: string) => ({
			onSuccess: () => {
				say(words);
				done();
			},
		});
		if (changing)
			change.mutate(
				{ path: { own_metric_id: changing }, body: changed },
				ended(`${made.title} is changed wherever it is a column`),
			);
		else make.mutate({ body: made }, ended(`${made.title} can be chosen as a column`));
	};
	const kept = changing ? change : make;
	return (
		<PanelForm
			onSubmit={submit}
			dirty={made !== before && !kept.isSuccess}
			saving={kept.isPending}
			save={changing ? "Change the metric" : "Make the metric"}
			disabled={!made.name || !made.title || !made.formula}
		>
			<Stack gap="sm">
				{changing && (
					<Group justify="space-between">
						<Text size="sm">
							{before.title}, called <Code>{before.name}</Code>
						</Text>
						<Button variant="subtle" size="compact-sm" onClick={() => edit()}>
							Make another instead
						</Button>
					</Group>
				)}
				<TextInput
					ref={title}
					label="Title"
					value={made.title}
					maxLength={80}
					data-autofocus
					error={made.title && !made.name && "A formula calls it by Latin letters: give it two of them"}
					onChange={({ currentTarget: { value } }) =>
						set({ title: value, ...(changing ? {} : { name: nameOf(value) }) })
					}
				/>
				<TextInput
					label="Formula"
					description="Names, numbers, + - * / and parentheses"
					placeholder="purchase_value / spend"
					value={made.formula}
					maxLength={400}
					error={kept.isError && wrong(kept.error)}
					onChange={({ currentTarget }) => set({ formula: currentTarget.value })}
				/>
				<Group grow>
					<Select
						label="Shown as"
						data={SHOWN}
						value={made.shown}
						allowDeselect={false}
						onChange={(value) => set({ shown: (value ?? "number") as NewAdMetric["shown"] })}
					/>
					<Select
						label="Direction"
						data={BETTER}
						value={made.direction ?? "none"}
						allowDeselect={false}
						onChange={(value) =>
							set({ direction: (value ?? "none") as NonNullable<NewAdMetric["direction"]> })
						}
					/>
				</Group>
				<Checkbox
					label="Values of several ads may be added up"
					description="Right for amounts; a rate is divided anew from the sums"
					checked={made.summable ?? false}
					onChange={({ currentTarget }) => set({ summable: currentTarget.checked })}
				/>
				{own.length > 0 && (
					<>
						<Title order={3} size="h6" mt="md">
							Your metrics
						</Title>
						{own.map((metric) => (
							<Group key={metric.name} justify="space-between" wrap="nowrap">
								<div style={{ minWidth: 0 }}>
									<Text size="sm">{metric.title}</Text>
									<Code style={{ overflowWrap: "anywhere" }}>{metric.formula}</Code>
								</div>
								<Group gap={4} wrap="nowrap">
									<ActionIcon
										variant="subtle"
										color="gray"
										aria-label={`Change ${metric.title}`}
										onClick={() => edit(metric)}
									>
										<Pencil size={15} />
									</ActionIcon>
									<ActionIcon
										variant="subtle"
										color="gray"
										aria-label={`Remove ${metric.title}`}
										onClick={() => forget(metric)}
									>
										<Trash2 size={15} />
									</ActionIcon>
								</Group>
							</Group>
						))}
					</>
				)}
				<Title order={3} size="h6" mt="md">
					Names to use
				</Title>
				<div className={classes.names}>
					{metrics
						.filter(({ group }) => group !== "own")
						.map(({ name, title }) => (
							<Code key={name} title={title}>
								{name}
							</Code>
						))}
				</div>
			</Stack>
		</PanelForm>
	);
}

function asMade({ name, title, formula, shown, direction, summable }: AdMetricOut): NewAdMetric {
	return { name, title, formula: formula ?? "", shown, direction, summable };
}

/** "Cost per cart" → cost_per_cart */
function nameOf(title: string): string {
	const name = title
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "_")
		.replaceAll(/^[_0-9]+|_+$/g, "");
	return name.length < 2 ? "" : name.slice(0, 40);
}

function wrong(error: unknown): string {
	const facts = isProblem(error) ? (error as unknown as Record<string, unknown>) : {};
	const place = typeof facts.position === "number" ? ` At character ${facts.position}.` : "";
	const near =
		Array.isArray(facts.suggestions) && facts.suggestions.length > 0
			? ` Did you mean ${facts.suggestions.join(" or ")}?`
			: "";
	const unit = typeof facts.unit === "string" ? ` It gives ${facts.unit}.` : "";
	const said = sentence(error);
	return `${said}${/[.!?]$/.test(said) ? "" : "."}${place}${near}${unit}`;
}
