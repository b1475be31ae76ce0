import {
	Alert,
	ColorInput,
	Input,
	SegmentedControl,
	Stack,
	Switch,
	TagsInput,
	Textarea,
	TextInput,
} from "@mantine/core";
import { useRef } from "react";
import type { BrandOut, BrandSuggestion, NewBrand } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { categoryInWords, categoryKey } from "@/shared/categories";
import { PanelForm, usePanel } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { CategoryField } from "./CategoryField";
import { KINDS, SWATCHES } from "./kinds";
import { Meanings } from "./Meanings";
import { NameField } from "./NameField";
import { NamesEditor } from "./NamesEditor";
import { useCreateBrand, useDeleteBrand, useUpdateBrand } from "./queries";

export type BrandValues = Required<Omit<NewBrand, "color">> & { color: string; paused: boolean };

const EMPTY: BrandValues = {
	name: "",
	kind: "own",
	description: "",
	category: "",
	website: "",
	color: "",
	context_words: [],
	not_phrases: [],
	namesakes: [],
	meanings_off: [],
	names: [],
	paused: false,
};

export function BrandForm({ brand }: { brand: BrandOut | undefined }) {
	const { done } = usePanel();
	const may = useCan("analyst");
	const create = useCreateBrand();
	const update = useUpdateBrand();
	const form = useKeptForm<BrandValues>({
		initialValues: brand ? { ...EMPTY, ...pick(brand) } : EMPTY,
		validate: {
			name: (name) => (name.trim() ? null : "A brand needs a name"),
			color: (color) =>
				!color || /^#[0-9a-f]{6}$/i.test(color) ? null : "Six hexadecimal digits, such as #5253d9",
			names: { text: (text) => (text.trim() ? null : "Empty: fill it in or take it away") },
		},
	});
	/** By the suggestion that was taken last. */
	const filled = useRef(NOTHING);
	const failed = { onError: (error: unknown) => form.setErrors(fieldErrors(error)) };
	const save = ({ paused, color, ...shown }: BrandValues) => {
		const values = { ...shown, category: categoryKey(shown.category) };
		if (brand) {
			update.mutate(
				{ path: { brand_id: brand.id }, body: { ...values, paused, ...(color && { color }) } },
				{
					...failed,
					onSuccess: ({ name }) => {
						say(`${name} is saved`);
						done();
					},
				},
			);
			return;
		}
		create.mutate(
			{ body: { ...values, ...(color && { color }) } },
			{
				...failed,
				onSuccess: ({ name }) => {
					say(`${name} is watched from now on`);
					done();
				},
			},
		);
	};
	const error = create.error ?? update.error;
	return (
		<PanelForm
			onSubmit={form.onSubmit(save)}
			dirty={form.isDirty()}
			saving={create.isPending || update.isPending}
			save={brand ? "Save" : "Watch"}
			disabled={!may}
			aside={brand && may && <Remove brand={brand} />}
		>
			<Stack gap="md">
				{error && (
					<Alert color="red" role="alert">
						{sentence(error)}
					</Alert>
				)}
				<NameField
					value={form.values.name}
					error={form.errors.name}
					onChange={(name) => form.setFieldValue("name", name)}
					suggest={!brand}
					onSuggestion={(found) => {
						const fills = filledBy(found);
						form.setValues({ name: found.name, ...withWritten(fills, form.values, filled.current) });
						filled.current = fills;
					}}
				/>
				<Input.Wrapper label="Kind" labelElement="div">
					<SegmentedControl
						fullWidth
						aria-label="Kind"
						data={KINDS.map(({ value, label }) => ({ value, label }))}
						{...form.getInputProps("kind")}
					/>
				</Input.Wrapper>
				<NamesEditor form={form} />
				<TagsInput
					label="Not these"
					description="Namesakes: where one of these stands, it is not the brand"
					placeholder="apple juice, big apple…"
					clearable
					{...form.getInputProps("not_phrases")}
				/>
				<TagsInput
					label="The name also means"
					description="Other things of that name, each in a few words; sentences are compared with them by meaning"
					placeholder="the fruit, a record label…"
					clearable
					{...form.getInputProps("namesakes")}
				/>
				<Meanings form={form} may={may} />
				<TagsInput
					label="Context words"
					description="Names that need context count only near one of these"
					placeholder="iPhone, Cupertino, Tim Cook…"
					clearable
					{...form.getInputProps("context_words")}
				/>
				<TextInput label="Website" placeholder="https://" {...form.getInputProps("website")} />
				<CategoryField
					{...form.getInputProps("category")}
					about={{
						name: form.values.name,
						description: form.values.description,
						website: form.values.website,
					}}
				/>
				<ColorInput
					label="Colour"
					description="The same in every chart"
					placeholder="Chosen for you"
					format="hex"
					swatches={SWATCHES}
					swatchesPerRow={9}
					eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
					{...form.getInputProps("color")}
				/>
				<Textarea
					label="Description"
					description="What the brand is, in a line: it tells a sentence about the brand from one about a namesake"
					placeholder="Maker of phones and computers"
					autosize
					minRows={2}
					{...form.getInputProps("description")}
				/>
				{brand && (
					<Switch
						label="Paused"
						description="Nothing new is looked for; what was found stays"
						{...form.getInputProps("paused", { type: "checkbox" })}
					/>
				)}
			</Stack>
		</PanelForm>
	);
}

function pick(brand: BrandOut): BrandValues {
	const {
		name,
		kind,
		description,
		category,
		website,
		color,
		context_words,
		not_phrases,
		namesakes,
		meanings_off,
		names,
		paused,
	} = brand;
	return {
		name,
		kind,
		description,
		category: categoryInWords(category),
		website,
		color,
		context_words,
		not_phrases,
		namesakes,
		meanings_off,
		names,
		paused,
	};
}

type Filled = Pick<BrandValues, "description" | "website" | "category" | "names">;

const NOTHING: Filled = { description: "", website: "", category: "", names: [] };

function filledBy({ name, aliases, description, website, category }: BrandSuggestion): Filled {
	return {
		description,
		website,
		category: categoryInWords(category),
		names: aliases
			.filter((alias) => alias !== name)
			.map((text) => ({ text, kind: "short", case_sensitive: null, needs_context: null })),
	};
}

/** What somebody has written stays; what the suggestion before filled in goes with it. */
function withWritten(found: Filled, shown: Filled, before: Filled): Filled {
	const field = (key: "description" | "website" | "category") =>
		shown[key] === before[key] ? found[key] : shown[key] || found[key];
	const filled = new Set(before.names.map(asText));
	const written = shown.names.filter((name) => name.text.trim() && !filled.has(asText(name)));
	const texts = new Set(written.map(({ text }) => text));
	return {
		description: field("description"),
		website: field("website"),
		category: field("category"),
		names: [...written, ...found.names.filter(({ text }) => !texts.has(text))],
	};
}

/** A rule that was set for a name makes it somebody's own, too. */
const asText = ({ text, kind, case_sensitive, needs_context }: BrandValues["names"][number]) =>
	JSON.stringify([text, kind, case_sensitive, needs_context]);

function Remove({ brand }: { brand: BrandOut }) {
	const { done } = usePanel();
	const remove = useDeleteBrand();
	return (
		<ConfirmButton
			question={`Stop watching ${brand.name}?`}
			consequence="Its mentions and their judgements are forgotten. Reports already made keep what they say. To only stop looking for new ones, pause it."
			yes="Stop watching"
			loading={remove.isPending}
			onConfirm={() =>
				remove.mutate(
					{ path: { brand_id: brand.id } },
					{
						onSuccess: () => {
							say(`${brand.name} is no longer watched`);
							done();
						},
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}
