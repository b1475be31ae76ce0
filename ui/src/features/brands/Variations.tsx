import { Badge, Button, Loader, Switch, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { Plus, Search } from "lucide-react";
import { useState } from "react";
import type { VariationList, VariationOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { count, percent, plural } from "@/shared/numbers";
import { ProblemPanel } from "@/shared/states";
import type { BrandValues } from "./BrandForm";
import classes from "./Brands.module.css";
import { NAME_KINDS } from "./kinds";
import { useVariations } from "./queries";

/** Other ways to write the name, each with what it would have found in 30 days, before anything is saved. */
export function Variations({ form }: { form: UseFormReturnType<BrandValues> }) {
	const [asked, setAsked] = useState(false);
	const { name, website, category, context_words, not_phrases, names } = form.values;
	const wish = { name, website, category, context_words, not_phrases, names };
	// Asked once, for the names as they stood then: what is added meanwhile leaves the list by itself.
	const [wished, setWished] = useState(wish);
	const variations = useVariations(wished, asked);
	if (!asked) {
		return (
			<Button
				variant="subtle"
				size="compact-sm"
				mt={4}
				leftSection={<Search size={14} />}
				disabled={!name.trim()}
				onClick={() => {
					setWished({ ...wish, names: names.filter(({ text }) => text.trim()) });
					setAsked(true);
				}}
			>
				Suggest names, with what they would find
			</Button>
		);
	}
	return (
		<section className={classes.variations} aria-label="Suggested names" aria-busy={variations.isPending}>
			{variations.isPending ? (
				<Text size="sm" c="dimmed" role="status">
					<Loader size={12} /> Counting in the articles of 30 days…
				</Text>
			) : failed(variations) ? (
				<ProblemPanel error={variations.error} retry={variations.refetch} />
			) : (
				<Counted
					found={variations.data}
					taken={names.map(({ text }) => text.toLowerCase())}
					onAdd={({ text, kind }) =>
						form.insertListItem("names", { text, kind, case_sensitive: null, needs_context: null })
					}
				/>
			)}
		</section>
	);
}

type CountedProps = { found: VariationList; taken: string[]; onAdd: (variation: VariationOut) => void };

function Counted({ found: { items, articles, read, found }, taken, onAdd }: CountedProps) {
	const [all, setAll] = useState(false);
	const left = items.filter(({ text }) => !taken.includes(text.toLowerCase()));
	const shown = all ? left : left.filter(({ places }) => places > 0);
	return (
		<>
			<Text size="xs" c="dimmed">
				{articles === 0
					? "There are no articles of the last 30 days yet, so nothing could be counted."
					: `Counted in ${read < articles ? `the latest ${count(read)} of ${plural(articles, "article")}` : plural(articles, "article")} of 30 days; the present names stand in ${count(found)}.`}
			</Text>
			{shown.length === 0 && articles > 0 && (
				<Text size="sm">No other way to write it stands in these articles.</Text>
			)}
			<ul>
				{shown.map((variation) => (
					<Row key={variation.text} variation={variation} onAdd={() => onAdd(variation)} />
				))}
			</ul>
			{left.some(({ places }) => places === 0) && (
				<Switch
					size="xs"
					label="Also those that found nothing"
					checked={all}
					onChange={({ currentTarget }) => setAll(currentTarget.checked)}
				/>
			)}
		</>
	);
}

function Row({ variation, onAdd }: { variation: VariationOut; onAdd: () => void }) {
	const { text, kind, why, expected_per_month, new_articles, sure, doubts, example } = variation;
	return (
		<li>
			<div className={classes.variation}>
				<Text size="sm" fw={600} className={classes.found}>
					{text}
				</Text>
				<Badge size="sm" color="gray">
					{NAME_KINDS.find(({ value }) => value === kind)?.label ?? kind}
				</Badge>
				{doubts.map((doubt) => (
					<Badge key={doubt} size="sm" color="orange">
						{doubt}
					</Badge>
				))}
				<Button
					size="compact-xs"
					variant="light"
					leftSection={<Plus size={13} />}
					onClick={onAdd}
					aria-label={`Add ${text}`}
				>
					Add
				</Button>
			</div>
			<Text size="xs" c="dimmed">
				{why}.{" "}
				{expected_per_month > 0 &&
					`${plural(expected_per_month, "place")} a month, ${plural(new_articles, "new article")}${sure === null ? "" : `, ${percent(sure)} sure`}.`}
			</Text>
			{example && (
				<Text size="xs" fs="italic" lineClamp={2} dir="auto">
					“{example}”
				</Text>
			)}
		</li>
	);
}
