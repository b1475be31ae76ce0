import { Badge, Button, Checkbox, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import type { MeaningOut, MeaningsWish } from "@/api/generated/types.gen";
import type { BrandValues } from "./BrandForm";
import classes from "./Brands.module.css";
import { useMeanings } from "./queries";

const SHOWN = 5;
/** A line of one's own has no more room. */
const LONGEST = 200;
const NAMES = new Set(["short", "product", "former"]);

/** What the dictionary says that the names mean besides: all of it counts until somebody switches it off. */
export function Meanings({ form, may }: { form: UseFormReturnType<BrandValues>; may: boolean }) {
	const { description } = form.values;
	const [wish] = useDebouncedValue(wishOf(form.values), 400);
	const meanings = useMeanings(wish, wish.name.length > 1);
	const [all, setAll] = useState(false);
	const found = meanings.data?.items ?? [];
	// Without it the brand is found as before: no reason to hold anybody up.
	if (!found.length) return null;
	const { meanings_off } = form.values;
	const shown = all ? found : found.slice(0, SHOWN);
	return (
		<section className={classes.meanings} aria-label="Meanings in the dictionary">
			<Text size="sm" fw={500}>
				Also means, by the dictionary
			</Text>
			<Text size="xs" c="dimmed">
				{description.trim()
					? "From WordNet. Sentences are compared with these, too; take the tick away from what does not matter"
					: "From WordNet. Sentences are compared with these as soon as the description says what the brand is"}
			</Text>
			<ul>
				{shown.map((meaning) => (
					<Row
						key={meaning.key}
						meaning={meaning}
						off={meanings_off.includes(meaning.key)}
						may={may}
						named={new Set(found.map((one) => one.name)).size > 1}
						onSwitch={(on) =>
							form.setFieldValue(
								"meanings_off",
								on ? meanings_off.filter((key) => key !== meaning.key) : [...meanings_off, meaning.key],
							)
						}
						onOwn={() => {
							form.setFieldValue("meanings_off", [...new Set([...meanings_off, meaning.key])]);
							const own = meaning.gloss.slice(0, LONGEST);
							if (!form.values.namesakes.includes(own)) form.insertListItem("namesakes", own);
						}}
					/>
				))}
			</ul>
			{found.length > SHOWN && (
				<Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)} aria-expanded={all}>
					{all ? "Show fewer" : `Show all ${found.length}`}
				</Button>
			)}
		</section>
	);
}

type Described = Pick<BrandValues, "name" | "description" | "context_words" | "names">;

/** What the dictionary is asked. */
export function wishOf({ name, description, context_words, names }: Described): MeaningsWish {
	return {
		name: name.trim(),
		description,
		context_words,
		names: names
			.filter(({ text, kind }) => text.trim() && NAMES.has(kind ?? "short"))
			.map(({ text }) => text)
			.slice(0, 50),
	};
}

type RowProps = {
	meaning: MeaningOut;
	off: boolean;
	may: boolean;
	named: boolean;
	onSwitch: (on: boolean) => void;
	onOwn: () => void;
};

function Row({ meaning: { name, gloss, is_brand }, off, may, named, onSwitch, onOwn }: RowProps) {
	const words = named ? `${name}: ${gloss}` : gloss;
	const tick = useRef<HTMLInputElement>(null);
	return (
		<li>
			<Checkbox
				ref={tick}
				size="xs"
				label={words}
				checked={!off && !is_brand}
				disabled={!may || is_brand}
				onChange={({ currentTarget }) => onSwitch(currentTarget.checked)}
			/>
			{is_brand ? (
				<Badge size="sm" color="gray">
					The brand itself
				</Badge>
			) : (
				may &&
				!off && (
					<Button
						size="compact-xs"
						variant="subtle"
						leftSection={<Pencil size={12} />}
						onClick={() => {
							onOwn();
							// The button goes: whoever came by keyboard is not sent back to the top of the page.
							tick.current?.focus();
						}}
						aria-label={`Say it in your own words: ${gloss}`}
					>
						Own words
					</Button>
				)
			)}
		</li>
	);
}
