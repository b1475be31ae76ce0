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
import { useForm } from "@mantine/form";
import type { BrandOut, BrandSuggestion, NewBrand } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { categoryInWords, categoryKey } from "@/shared/categories";
import { PanelForm, usePanel } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
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
	const form = useForm<BrandValues>({
		initialValues: brand ? { ...EMPTY, ...pick(brand) } : EMPTY,
		validate: {
			name: (name) => (name.trim() ? null : "A brand needs a name"),
			color: (color) =>
				!color || /^#[0-9a-f]{6}$/i.test(color) ? null : "Six hexadecimal digits, such as #5253d9",
			names: { text: (text) => (text.trim() ? null : "Empty: fill it in or take it away") },
		},
	});
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
					onSuggestion={(found) => form.setValues(filledFrom(found, form.values))}
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

/** What somebody has written already stays. */
function filledFrom(found: BrandSuggestion, { description, website }: BrandValues): Partial<BrandValues> {
	const { name, aliases, category } = found;
	return {
		name,
		description: description || found.description,
		website: website || found.website,
		category: categoryInWords(category),
		names: aliases
			.filter((alias) => alias !== name)
			.map((text) => ({ text, kind: "short" as const, case_sensitive: null, needs_context: null })),
	};
}

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
