import {
	Alert,
	Badge,
	Button,
	Card,
	Checkbox,
	Chip,
	Group,
	SegmentedControl,
	Stack,
	TagsInput,
	Text,
	TextInput,
	Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { listBrandsQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { createBrand } from "@/api/generated/sdk.gen";
import type { BrandProposal, NewBrand, ProposedName } from "@/api/generated/types.gen";
import { isProblem, sentence } from "@/api/problems";
import { categoryInWords, categoryKey } from "@/shared/categories";
import { count } from "@/shared/numbers";
import classes from "./Welcome.module.css";

type Props = { proposal: BrandProposal; onBack: () => void; onDone: () => void };

/** What was found out, as toggles: nothing is watched that was not seen here. */
export function ProposalStep({ proposal, onBack, onDone }: Props) {
	const queries = useQueryClient();
	const [name, setName] = useState(proposal.name);
	const [kind, setKind] = useState<NonNullable<NewBrand["kind"]>>("own");
	const [category, setCategory] = useState(categoryInWords(proposal.category));
	const [names, setNames] = useState(proposal.names.map(({ text }) => text));
	const [not, setNot] = useState(proposal.not_phrases);
	const [rivals, setRivals] = useState<string[]>([]);

	/** A second press goes on where the first one came to an end. */
	const made = useRef(new Set<string>());
	const [at, setAt] = useState("");
	const make = async (body: NewBrand) => {
		if (made.current.has(body.name)) return;
		setAt(body.name);
		await createBrand({ body, throwOnError: true }).catch((error) => {
			if (body.kind !== "competitor" || !isProblem(error) || error.code !== "brands/already-watched")
				throw error;
		});
		made.current.add(body.name);
	};
	const watch = useMutation({
		mutationFn: async () => {
			await make(wanted());
			for (const rival of rivals) {
				await make({ name: rival, kind: "competitor", category: categoryKey(category) });
			}
		},
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: listBrandsQueryKey() });
			onDone();
		},
	});
	const wanted = (): NewBrand => ({
		name: name.trim(),
		kind,
		category: categoryKey(category),
		website: proposal.website,
		description: proposal.description,
		not_phrases: not,
		context_words: proposal.context_words,
		names: proposal.names
			.filter(({ text }) => names.includes(text))
			.map(({ text, kind, case_sensitive, needs_context }) => ({
				text,
				kind,
				case_sensitive,
				needs_context,
			})),
	});

	return (
		<Card p={{ base: "md", xs: "xl" }} className={classes.card}>
			<Stack gap="lg">
				<div>
					<Title order={1}>Is this it?</Title>
					<Text c="dimmed" size="sm">
						{proposal.description || "Take out what does not belong; all of it can be changed later."}
					</Text>
				</div>
				{proposal.notes.map((note) => (
					<Alert key={note} color="gray">
						{note}
					</Alert>
				))}
				{watch.isError && (
					<Alert color="red" role="alert">
						{rivals.includes(at) && `${at}: `}
						{sentence(watch.error)}
					</Alert>
				)}
				<Group gap="sm" align="flex-end">
					<TextInput
						label="Name"
						flex="1 1 180px"
						value={name}
						onChange={(event) => setName(event.currentTarget.value)}
						error={name.trim() ? undefined : "A brand needs a name"}
					/>
					<TextInput
						label="Category"
						flex="1 1 180px"
						value={category}
						onChange={(event) => setCategory(event.currentTarget.value)}
					/>
					<SegmentedControl
						aria-label="Kind"
						value={kind}
						onChange={(value) => setKind(value as typeof kind)}
						data={[
							{ value: "own", label: "Our brand" },
							{ value: "client", label: "A client" },
						]}
					/>
				</Group>
				{proposal.names.length > 0 && (
					<Checkbox.Group label="Found as" labelElement="div" value={names} onChange={setNames}>
						<ul className={classes.rows} style={{ marginTop: 6 }}>
							{proposal.names.map((found) => (
								<Name key={found.text} found={found} />
							))}
						</ul>
					</Checkbox.Group>
				)}
				<TagsInput
					label="Not these"
					description="Namesakes to keep out"
					placeholder={not.length > 0 ? undefined : "another thing of that name…"}
					value={not}
					onChange={setNot}
				/>
				{proposal.competitors.length > 0 && (
					<div>
						<Text size="sm" fw={500}>
							Watch competitors too?
						</Text>
						<Text size="xs" c="dimmed" mb={6}>
							Others of its category that the catalogue knows. Take those that really compete, or none
						</Text>
						<Chip.Group multiple value={rivals} onChange={setRivals}>
							<Group gap={6}>
								{proposal.competitors.map((rival) => (
									<Chip key={rival} value={rival} size="sm">
										{rival}
									</Chip>
								))}
							</Group>
						</Chip.Group>
					</div>
				)}
				<Group justify="space-between" gap="xs">
					<Button variant="subtle" color="gray" px="xs" onClick={onBack}>
						Another brand
					</Button>
					<Button loading={watch.isPending} disabled={!name.trim()} onClick={() => watch.mutate()}>
						Watch {name.trim() || "it"}
						{rivals.length > 0 && ` and ${rivals.length} more`}
					</Button>
				</Group>
			</Stack>
		</Card>
	);
}

function Name({ found: { text, kind, expected_per_month, needs_context, doubts } }: { found: ProposedName }) {
	return (
		<li>
			<Checkbox
				value={text}
				label={text}
				description={
					doubts.length > 0
						? doubts.join(" ")
						: needs_context
							? "Counts only near a word of context"
							: undefined
				}
			/>
			<Group gap="xs" wrap="nowrap">
				<Badge color="gray">{kind}</Badge>
				<Text size="xs" c="dimmed" className="numeric" ta="right" miw={84}>
					{expected_per_month === null ? "not known yet" : `≈ ${count(expected_per_month)} a month`}
				</Text>
			</Group>
		</li>
	);
}
