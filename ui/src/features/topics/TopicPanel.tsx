import {
	Alert,
	Button,
	Group,
	SegmentedControl,
	Select,
	Stack,
	Tabs,
	Text,
	Textarea,
	TextInput,
} from "@mantine/core";
import { useState } from "react";
import type { NewTopic, TopicOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { plural } from "@/shared/numbers";
import { PanelBody, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, offerUndo, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { useBrands } from "../brands/queries";
import {
	useArchiveTopic,
	useChangeTopic,
	useFillTopic,
	useMakeTopic,
	useRestoreTopic,
	useTopic,
} from "./queries";
import { TopicMentions } from "./TopicMentions";

type Props = { id: string; onClose: () => void };

export function TopicPanel({ id, onClose }: Props) {
	if (id === "new") {
		return (
			<SlideOver
				title="New topic"
				about="The last 90 days are looked through for it at once"
				onClose={onClose}
			>
				<Form topic={undefined} />
			</SlideOver>
		);
	}
	return <OpenTopic id={id} onClose={onClose} />;
}

function OpenTopic({ id, onClose }: Props) {
	const topic = useTopic(id);
	const [tab, setTab] = useState<string | null>("mentions");
	const [worded, setWorded] = useState(false);
	const go = (to: string | null) => {
		setTab(to);
		if (to === "words") setWorded(true);
	};
	return (
		<SlideOver title={topic.data?.title ?? "Topic"} about={topic.data && about(topic.data)} onClose={onClose}>
			{topic.isPending ? (
				<LoadingPanel what="topic" />
			) : failed(topic) ? (
				<ProblemPanel error={topic.error} retry={topic.refetch} />
			) : (
				<>
					<Tabs value={tab} onChange={go} px="lg">
						<Tabs.List>
							<Tabs.Tab value="mentions">Mentions</Tabs.Tab>
							<Tabs.Tab value="words">Words</Tabs.Tab>
						</Tabs.List>
					</Tabs>
					{worded && (
						// It stays, though out of sight: what was written is not lost by a look at the mentions.
						<div style={{ display: tab === "words" ? "contents" : "none" }}>
							<Form topic={topic.data} />
						</div>
					)}
					{tab !== "words" && (
						<PanelBody>
							<Stack gap="md">
								<LookBack topic={topic.data} />
								<TopicMentions topic={topic.data} />
							</Stack>
						</PanelBody>
					)}
				</>
			)}
		</SlideOver>
	);
}

function about({ sort, yes, maybe, archived }: TopicOut): string {
	const kind = sort === "message" ? "Key message" : "Topic";
	return `${kind}${archived ? ", put away" : ""} · 30 days: ${plural(yes, "mention")}, ${maybe} in doubt`;
}

function LookBack({ topic }: { topic: TopicOut }) {
	const fill = useFillTopic();
	const may = useCan("analyst");
	const unlearned = topic.answers - topic.learned_from;
	return (
		<Group justify="space-between" gap="xs">
			<Text size="xs" c="dimmed" style={{ flex: 1, minWidth: 180 }}>
				{topic.filling
					? "Earlier mentions are being looked through; they come by themselves."
					: topic.learned_from > 0
						? `Learned from ${plural(topic.learned_from, "answer")} of yours. English only.`
						: "Found by its words alone: your yes and no teach it. English only."}
			</Text>
			{may && !topic.archived && !topic.filling && (
				<Button
					variant="light"
					size="compact-sm"
					loading={fill.isPending}
					onClick={() =>
						fill.mutate(
							{ path: { topic_id: topic.id }, body: { days: unlearned > 0 ? 90 : 365 } },
							{ onError: (error) => complain(sentence(error)) },
						)
					}
				>
					{unlearned > 0 ? `Learn from ${plural(topic.answers, "answer")}` : "Look back a year"}
				</Button>
			)}
		</Group>
	);
}

type Values = { title: string; sort: "topic" | "message"; line: string; examples: string; brand_id: string };

const lines = (text: string) =>
	text
		.split("\n")
		.map((line) => line.trim())
		.filter(Boolean);

function Form({ topic }: { topic: TopicOut | undefined }) {
	const { done } = usePanel();
	const make = useMakeTopic();
	const change = useChangeTopic();
	const brands = useBrands();
	const may = useCan("analyst");
	const form = useKeptForm<Values>({
		initialValues: {
			title: topic?.title ?? "",
			sort: topic?.sort ?? "topic",
			line: topic?.line ?? "",
			examples: topic?.examples.join("\n") ?? "",
			brand_id: topic?.brand_id ?? "",
		},
		validate: {
			title: (title) => (title.trim() ? null : "Give it a name"),
			line: (line) => (line.trim().length >= 3 ? null : "Say it in a few words"),
		},
	});
	const { sort } = form.values;
	const saving = topic ? change : make;
	const onError = (error: unknown) => form.setErrors(fieldErrors(error));
	const onSubmit = form.onSubmit((values) => {
		const body: NewTopic = {
			title: values.title,
			sort: values.sort,
			line: values.line,
			examples: lines(values.examples),
			brand_id: values.brand_id || null,
		};
		const onSuccess = () => {
			say("The last 90 days are looked through");
			done();
		};
		if (topic) change.mutate({ path: { topic_id: topic.id }, body }, { onSuccess, onError });
		else make.mutate({ body }, { onSuccess, onError });
	});
	return (
		<PanelForm
			onSubmit={onSubmit}
			dirty={form.isDirty() && !saving.isSuccess}
			saving={saving.isPending}
			save={topic ? "Save" : "Look for it"}
			aside={topic && may && <PutAway topic={topic} />}
		>
			<Stack gap="md">
				{saving.isError && (
					<Alert color="red" role="alert">
						{sentence(saving.error)}
					</Alert>
				)}
				<TextInput label="Name" data-autofocus maxLength={80} required {...form.getInputProps("title")} />
				<div>
					<Text size="sm" fw={500} mb={4} id="topic-sort">
						Kind
					</Text>
					<SegmentedControl
						aria-labelledby="topic-sort"
						data={[
							{ value: "topic", label: "Topic" },
							{ value: "message", label: "Key message" },
						]}
						{...form.getInputProps("sort")}
					/>
				</div>
				<Textarea
					label={sort === "message" ? "The sentence that shall get through" : "What it is about, in a line"}
					placeholder={
						sort === "message"
							? "Our kettles last for ten years"
							: "products are called back because they are dangerous"
					}
					required
					autosize
					minRows={2}
					maxLength={400}
					{...form.getInputProps("line")}
				/>
				<Textarea
					label="Examples"
					description="A sentence a line, as an article would have it. The best way to make it right"
					autosize
					minRows={3}
					maxRows={10}
					{...form.getInputProps("examples")}
				/>
				<Select
					label="With this brand only"
					placeholder="All brands"
					clearable
					data={(brands.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
					{...form.getInputProps("brand_id")}
					value={form.values.brand_id || null}
					onChange={(id) => form.setFieldValue("brand_id", id ?? "")}
				/>
			</Stack>
		</PanelForm>
	);
}

function PutAway({ topic: { id, title, archived } }: { topic: TopicOut }) {
	const { done } = usePanel();
	const archive = useArchiveTopic();
	const restore = useRestoreTopic();
	const path = { topic_id: id };
	const onError = (error: unknown) => complain(sentence(error));
	if (archived) {
		return (
			<Button variant="subtle" onClick={() => restore.mutate({ path }, { onSuccess: done, onError })}>
				Look for it again
			</Button>
		);
	}
	return (
		<Button
			variant="subtle"
			color="gray"
			onClick={() =>
				archive.mutate(
					{ path },
					{
						onSuccess: () => {
							offerUndo(`${title} is put away`, () => restore.mutate({ path }, { onError }));
							done();
						},
						onError,
					},
				)
			}
		>
			Put away
		</Button>
	);
}
