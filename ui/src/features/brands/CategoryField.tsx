import { Autocomplete, Button, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import type { CategoryWish } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { sureness } from "@/shared/numbers";
import { complain, say } from "@/shared/undo";
import classes from "./Brands.module.css";
import { useAddCategory, useCategories, useCategoryProposals } from "./queries";

type Props = {
	about: Required<CategoryWish>;
	value?: string;
	onChange?: (value: string) => void;
	error?: React.ReactNode;
};

/** What the brand sells: a category of a sector, with those that fit first. Own ones can be added. */
export function CategoryField({ about, value = "", onChange, error }: Props) {
	const [asked, setAsked] = useState<Required<CategoryWish>>();
	const taxonomy = useCategories();
	const proposals = useCategoryProposals(asked ?? about, asked !== undefined);
	const sectors = taxonomy.data?.items ?? [];
	const sector = sectors.find(({ categories }) => categories.some(({ name }) => name === value));
	// Those for another brand, which was chosen or typed before, would only mislead.
	const same = asked?.name === about.name && asked.website === about.website;
	const fitting = same ? (proposals.data?.items ?? []).slice(0, 3) : [];
	return (
		<div>
			<Autocomplete
				label="Category"
				description={
					sector
						? `In the sector ${sector.name}; it helps to tell namesakes apart`
						: "What it sells; it helps to tell namesakes apart"
				}
				onFocus={() => setAsked(about)}
				data={sectors.map(({ name, categories }) => ({
					group: name,
					items: categories.map((category) => category.name),
				}))}
				limit={40}
				value={value}
				error={error}
				{...(onChange && { onChange })}
			/>
			{fitting.length > 0 && (
				<Group gap={6} mt={6} aria-label="Categories that fit" role="group">
					{fitting.map(({ name, sector: of, confidence, why }) => (
						<Button
							key={name}
							size="compact-xs"
							variant={name === value ? "filled" : "default"}
							title={`${of}: ${why}`}
							onClick={() => onChange?.(name)}
						>
							{name} · {sureness(confidence)}
						</Button>
					))}
				</Group>
			)}
			{value.trim() && taxonomy.isSuccess && !sector && (
				<OwnCategory name={value.trim()} sectors={sectors.map(({ name }) => name)} />
			)}
		</div>
	);
}

function OwnCategory({ name, sectors }: { name: string; sectors: string[] }) {
	const [sector, setSector] = useState<string | null>(null);
	const add = useAddCategory();
	return (
		<div className={classes.own}>
			<Text size="xs" c="dimmed">
				“{name}” is a category of your own. Put it into a sector, and it is in the list from then on:
			</Text>
			<Group gap={6} wrap="nowrap">
				<Select
					size="xs"
					aria-label={`Sector of ${name}`}
					placeholder="Sector"
					data={sectors}
					searchable
					value={sector}
					onChange={setSector}
				/>
				<Button
					size="xs"
					variant="light"
					disabled={!sector}
					loading={add.isPending}
					onClick={() =>
						sector &&
						add.mutate(
							{ body: { name, sector } },
							{
								onSuccess: () => say(`${name} is in ${sector} now`),
								onError: (error) => complain(sentence(error)),
							},
						)
					}
				>
					Add
				</Button>
			</Group>
		</div>
	);
}
