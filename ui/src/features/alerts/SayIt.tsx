import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { Wand2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ReadRule } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { confirms } from "@/shared/keys";
import { useHaveSentenceRead, useReadSentence } from "./queries";
import classes from "./SayIt.module.css";

/** A sentence becomes the rule below it, which is looked at and changed before it is switched on. */
export function SayIt({ onRead }: { onRead: (rule: ReadRule, text: string) => void }) {
	const [text, setText] = useState("");
	const read = useReadSentence();
	const model = useHaveSentenceRead();
	const may = useCan("analyst");
	const rule = model.data ?? read.data;
	const ask = () => {
		model.reset();
		if (text.trim()) read.mutate({ body: { text } }, { onSuccess: (rule) => onRead(rule, text.trim()) });
	};
	return (
		<Stack gap="xs">
			<Group gap="xs" align="flex-end">
				<TextInput
					label="Say it in a sentence"
					data-autofocus
					placeholder="Tell me of bad news about Acme in 3 outlets"
					maxLength={500}
					style={{ flex: "1 1 16rem" }}
					value={text}
					onChange={({ currentTarget }) => setText(currentTarget.value)}
					onKeyDown={(event) => {
						if (!confirms(event)) return;
						event.preventDefault();
						ask();
					}}
				/>
				<Button
					variant="default"
					leftSection={<Wand2 size={15} />}
					loading={read.isPending}
					disabled={!text.trim()}
					onClick={ask}
				>
					Make the rule
				</Button>
			</Group>
			{read.isError && (
				<Alert color="red" role="alert">
					{sentence(read.error)}
				</Alert>
			)}
			{model.isError && (
				<Alert color="red" role="alert">
					{sentence(model.error)}
				</Alert>
			)}
			{rule && (
				<Understood rule={rule}>
					{may && !model.data && (
						<Button
							size="compact-xs"
							variant="default"
							loading={model.isPending}
							onClick={() => {
								const said = read.variables?.body.text ?? text;
								model.mutate({ body: { text: said } }, { onSuccess: (rule) => onRead(rule, said.trim()) });
							}}
						>
							Have the model read it
						</Button>
					)}
				</Understood>
			)}
		</Stack>
	);
}

function Understood({ rule, children }: { rule: ReadRule; children: ReactNode }) {
	const { parts, ignored, notes, brand_id } = rule;
	return (
		<div className={classes.read} role="status">
			{parts.length > 0 && (
				<ul>
					{parts.map(({ start, text, means }) => (
						<li key={start}>
							<Text size="xs" span>
								<q>{text}</q> <span aria-hidden>→</span> {means}
							</Text>
						</li>
					))}
				</ul>
			)}
			{ignored.length > 0 && (
				<Alert color="yellow" title="Not understood">
					{ignored.map(({ text, means }) => (means ? `“${text}” (${means})` : `“${text}”`)).join(", ")}. The
					rule does not say that. {children}
				</Alert>
			)}
			{!brand_id && (
				<Text size="xs" c="dimmed">
					It names none of your brands: choose one below.
				</Text>
			)}
			{notes.map((note) => (
				<Text key={note} size="xs" c="dimmed">
					{note}
				</Text>
			))}
		</div>
	);
}
