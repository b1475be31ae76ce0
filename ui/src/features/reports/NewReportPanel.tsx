import "@mantine/dates/styles.layer.css";
import { Alert, Chip, Group, Input, MultiSelect, Select, Slider, Stack, TextInput } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { useForm } from "@mantine/form";
import dayjs from "dayjs";
import type { ReportWish } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useSession } from "@/api/session";
import { percent } from "@/shared/numbers";
import { days, type Range } from "@/shared/range";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { presets } from "./presets";
import { useBrands, useCreateReport } from "./queries";
import { TemplateField } from "./TemplateField";

type Against = "none" | NonNullable<ReportWish["against"]>;
const AGAINST: { value: Against; label: string }[] = [
	{ value: "before", label: "As many days right before" },
	{ value: "last_year", label: "The same days a year ago" },
	{ value: "range", label: "Other days" },
	{ value: "none", label: "Nothing" },
];

type Props = { range: Range; onClose: () => void; onMade: (id: string) => void };

export function NewReportPanel({ range, onClose, onMade }: Props) {
	return (
		<SlideOver title="Make a report" onClose={onClose}>
			<NewReport range={range} onMade={onMade} />
		</SlideOver>
	);
}

function NewReport({ range, onMade }: Pick<Props, "range" | "onMade">) {
	const zone = useSession().organization.time_zone;
	const brands = useBrands();
	const { setDirty } = usePanel();
	const create = useCreateReport();
	const choices = presets(zone);
	const shown = days(range, zone) ?? days("30d", zone);
	const form = useForm({
		initialValues: {
			title: "",
			span: [shown?.since ?? null, shown?.until ?? null] as [string | null, string | null],
			brand_ids: [] as string[],
			against: "before" as Against,
			before: [null, null] as [string | null, string | null],
			template_id: "",
			min_confidence: 0.8,
		},
		validate: {
			span: ([since, until]) => (since && until ? null : "From which day to which?"),
			before: ([since, until], { against }) =>
				against !== "range" || (since && until) ? null : "From which day to which?",
		},
	});
	const { span } = form.values;
	const chosen = choices.find(({ since, until }) => since === span[0] && until === span[1]);
	const make = ({ title, span, against, before, template_id, ...rest }: typeof form.values) => {
		const [since_on, until_on] = span;
		const [before_since_on, before_until_on] = before;
		if (!since_on || !until_on) return;
		create.mutate(
			{
				body: {
					since_on,
					until_on,
					...rest,
					compare: against !== "none",
					...(against !== "none" && { against }),
					...(against === "range" && { before_since_on, before_until_on }),
					...(template_id && { template_id }),
					...(title.trim() && { title: title.trim() }),
				},
			},
			{
				onSuccess: ({ id }) => {
					// At once: what was sent is not unsaved, and the form hears of it only when it is drawn again.
					setDirty(false);
					onMade(id);
				},
				onError: (error) => form.setErrors(fieldErrors(error)),
			},
		);
	};
	return (
		<PanelForm
			onSubmit={form.onSubmit(make)}
			dirty={form.isDirty() && !create.isSuccess}
			saving={create.isPending}
			save="Make the report"
		>
			<Stack gap="lg">
				{create.isError && (
					<Alert color="red" role="alert">
						{sentence(create.error)}
					</Alert>
				)}
				<Input.Wrapper label="Range" labelElement="div">
					<Chip.Group
						value={chosen?.label ?? ""}
						onChange={(label) => {
							const preset = choices.find((one) => one.label === label);
							if (preset) form.setFieldValue("span", [preset.since, preset.until]);
						}}
					>
						<Group gap={6} mt={6}>
							{choices.map(({ label }) => (
								<Chip key={label} value={label} size="sm">
									{label}
								</Chip>
							))}
						</Group>
					</Chip.Group>
				</Input.Wrapper>
				<DatePickerInput
					type="range"
					label="Days"
					description={`First and last day, both included, in ${zone}`}
					valueFormat="D MMM YYYY"
					maxDate={dayjs().add(1, "day").toDate()}
					popoverProps={{ zIndex: 300 }}
					{...form.getInputProps("span")}
				/>
				<MultiSelect
					label="Brands"
					description="None chosen: all that are watched"
					clearable
					searchable
					data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
					{...form.getInputProps("brand_ids")}
				/>
				<Select
					label="Compare with"
					allowDeselect={false}
					data={AGAINST}
					comboboxProps={{ zIndex: 300 }}
					{...form.getInputProps("against")}
				/>
				{form.values.against === "range" && (
					<DatePickerInput
						type="range"
						label="Days to compare with"
						description="They may be more or fewer: counts are then compared by the day"
						valueFormat="D MMM YYYY"
						maxDate={dayjs().add(1, "day").toDate()}
						popoverProps={{ zIndex: 300 }}
						{...form.getInputProps("before")}
					/>
				)}
				<TemplateField {...form.getInputProps("template_id")} />
				<Input.Wrapper
					label={`Count mentions from ${percent(form.values.min_confidence)} confidence on`}
					labelElement="div"
					description="What you judged counts as judged, whatever the confidence"
				>
					<Slider
						mt="sm"
						mb="lg"
						mx="sm"
						min={0.5}
						max={1}
						step={0.05}
						label={percent}
						thumbLabel="Least confidence"
						marks={[
							{ value: 0.5, label: "50 %" },
							{ value: 0.8, label: "80 %" },
							{ value: 1, label: "100 %" },
						]}
						{...form.getInputProps("min_confidence")}
					/>
				</Input.Wrapper>
				<TextInput label="Title" placeholder="Written for you" {...form.getInputProps("title")} />
			</Stack>
		</PanelForm>
	);
}
