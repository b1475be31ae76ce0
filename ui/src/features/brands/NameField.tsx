import { Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { BrandSuggestion } from "@/api/generated/types.gen";
import { categoryInWords } from "@/shared/categories";
import { whereInWords } from "@/shared/countries";
import { useSuggestions } from "./queries";

type Props = {
	value: string;
	error: React.ReactNode;
	onChange: (name: string) => void;
	suggest: boolean;
	onSuggestion: (found: BrandSuggestion) => void;
};

/** The name, with the brands of the catalogue that are called like it. */
export function NameField({ value, error, onChange, suggest, onSuggestion }: Props) {
	const [q] = useDebouncedValue(suggest ? value : "", 200);
	const suggestions = useSuggestions(q);
	const found = suggest ? (suggestions.data?.items ?? []) : [];
	const unique = found.filter(
		(item, at) => found.findIndex((one) => one.name === item.name && kindOf(one) === kindOf(item)) === at,
	);
	return (
		<Autocomplete
			label="Name"
			required
			data-autofocus={suggest || undefined}
			description={
				suggest ? "A brand of the catalogue brings its other names and what it is with it" : undefined
			}
			value={value}
			error={error}
			onChange={onChange}
			data={unique.map(({ id, name }) => ({ value: id, label: name }))}
			filter={({ options }) => options}
			onOptionSubmit={(id) => {
				const item = unique.find((one) => one.id === id);
				if (item) onSuggestion(item);
			}}
			renderOption={({ option }) => {
				const item = unique.find(({ id }) => id === option.value);
				return (
					<div>
						{item?.name}
						<div style={{ fontSize: 12, opacity: 0.75 }}>
							{item && [calledLike(item, q), kindOf(item)].filter(Boolean).join(" · ")}
						</div>
					</div>
				);
			}}
		/>
	);
}

/** By which of its other names it was found: whoever types Atour need not read 亚朵酒店. */
function calledLike({ name, aliases }: BrandSuggestion, q: string): string | undefined {
	const holds = (text: string) => text.toLowerCase().includes(q.trim().toLowerCase());
	return holds(name) ? undefined : aliases.find(holds);
}

/** What tells brands of one name apart: what they sell, and where. */
function kindOf({ category, where }: BrandSuggestion): string {
	return [categoryInWords(category), whereInWords(where)].filter(Boolean).join(" · ");
}
