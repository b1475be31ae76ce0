import {
	Group,
	MultiSelect,
	NumberInput,
	SegmentedControl,
	Select,
	SimpleGrid,
	Stack,
	TagsInput,
	Text,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { AlertWish } from "@/api/generated/types.gen";
import { TONES, type ToneName } from "@/shared/Tone";
import { useBrands } from "../brands/queries";
import { KEENNESS } from "./words";

/** The numbers that a kind of alert goes by. */
export const numbersOf = (kind: AlertWish["kind"]) =>
	kind === "story"
		? (["least_outlets", "within_hours"] as const)
		: kind === "spike"
			? (["least_stories"] as const)
			: (["hours"] as const);
/** A field for a number holds a text while it is empty. */
export const isNumber = (value: unknown): value is number => typeof value === "number";

export type AlertValues = Required<AlertWish> & { title: string; said: string; enabled: boolean };

export function AlertFields({ form }: { form: UseFormReturnType<AlertValues> }) {
	const brands = useBrands();
	const { kind, keenness } = form.values;
	return (
		<Stack gap="md">
			<Select
				label="Brand"
				description={
					brands.data?.items.length === 0 && "No brand is watched yet: name one under Brands first"
				}
				searchable
				data={(brands.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
				{...form.getInputProps("brand_id")}
				value={form.values.brand_id || null}
				onChange={(id) => form.setFieldValue("brand_id", id ?? "")}
			/>
			<div>
				<Text size="sm" fw={500} mb={4} id="tell-me-of">
					Tell me of
				</Text>
				<SegmentedControl
					aria-labelledby="tell-me-of"
					data={[
						{ value: "spike", label: "Far more stories" },
						{ value: "silence", label: "Hardly any" },
						{ value: "story", label: "One spreads" },
					]}
					{...form.getInputProps("kind")}
					onChange={(kind) => {
						// What is no longer asked for must not stay without its number.
						const left = numbersOf(form.values.kind).filter((name) => !isNumber(form.values[name]));
						form.setValues({
							...Object.fromEntries(left.map((name) => [name, form.getInitialValues()[name]])),
							kind: kind as AlertValues["kind"],
						});
					}}
				/>
			</div>
			{kind === "story" ? (
				<Group grow align="start">
					<NumberInput
						label="In at least"
						description="outlets, forty copies by one count once"
						min={1}
						max={100}
						{...form.getInputProps("least_outlets")}
					/>
					<NumberInput
						label="Within"
						description="hours"
						min={1}
						max={720}
						{...form.getInputProps("within_hours")}
					/>
				</Group>
			) : (
				<Group grow align="start">
					<Select
						label="How keen"
						description={KEENNESS.find(({ value }) => value === keenness)?.about}
						allowDeselect={false}
						data={KEENNESS.map(({ value, label }) => ({ value, label }))}
						{...form.getInputProps("keenness")}
					/>
					{kind === "spike" ? (
						<NumberInput
							label="At least"
							description="stories"
							min={2}
							max={1000}
							{...form.getInputProps("least_stories")}
						/>
					) : (
						<NumberInput
							label="For at least"
							description="hours"
							min={24}
							max={720}
							step={24}
							{...form.getInputProps("hours")}
						/>
					)}
				</Group>
			)}
			<SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
				<MultiSelect
					label="Only this tone"
					placeholder={form.values.tones.length ? undefined : "Any"}
					data={(Object.keys(TONES) as ToneName[]).map((tone) => ({ value: tone, label: TONES[tone].label }))}
					clearable
					{...form.getInputProps("tones")}
				/>
				<TagsInput
					label="Only with a word in the title"
					placeholder={form.values.words.length ? undefined : "Any"}
					maxTags={20}
					{...form.getInputProps("words")}
				/>
			</SimpleGrid>
		</Stack>
	);
}
