import {
	Alert,
	Checkbox,
	Chip,
	Group,
	Input,
	MultiSelect,
	Select,
	Slider,
	Stack,
	Switch,
	TextInput,
} from "@mantine/core";
import type { ReactNode } from "react";
import type { ReportScheduleIn, ReportScheduleOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { percent, uncapital } from "@/shared/numbers";
import { PanelForm, usePanel } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { useAddSchedule, useChangeSchedule, useRemoveSchedule } from "./leaving";
import { NextTimes } from "./NextTimes";
import { NoMail } from "./NoMail";
import { useBrands } from "./queries";
import { type Reader, ReadersField } from "./ReadersField";
import { ScheduleHistory } from "./ScheduleHistory";
import { TemplateField } from "./TemplateField";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map((label, index) => ({
	value: String(index + 1),
	label,
}));

const PERIODS: { value: NonNullable<ReportScheduleIn["period"]>; label: string }[] = [
	{ value: "yesterday", label: "Yesterday" },
	{ value: "last_7_days", label: "The last 7 days" },
	{ value: "last_week", label: "Last week, Monday to Sunday" },
	{ value: "last_30_days", label: "The last 30 days" },
	{ value: "last_month", label: "Last month" },
	{ value: "last_quarter", label: "Last quarter" },
];
const FORMS: { value: NonNullable<ReportScheduleIn["attachments"]>[number]; label: string }[] = [
	{ value: "pdf", label: "PDF" },
	{ value: "pptx", label: "Slides" },
	{ value: "xlsx", label: "Excel" },
	{ value: "csv", label: "CSV" },
	{ value: "json", label: "JSON" },
	{ value: "ndjson", label: "NDJSON" },
];
const MONTH_DAYS = [
	...Array.from({ length: 28 }, (_, index) => ({ value: String(index + 1), label: `Day ${index + 1}` })),
	{ value: "31", label: "The last day" },
];

type Against = "none" | ReportScheduleOut["against"];
const AGAINST: { value: Against; label: string }[] = [
	{ value: "before", label: "As many days right before" },
	{ value: "last_year", label: "The same days a year ago" },
	{ value: "none", label: "Nothing" },
];

type Props = { schedule: ReportScheduleOut | undefined; children?: ReactNode };

export function ScheduleForm({ schedule, children }: Props) {
	const { done } = usePanel();
	const may = useCan("admin");
	const { organization, user } = useSession();
	const brands = useBrands();
	const add = useAddSchedule();
	const change = useChangeSchedule();
	const form = useKeptForm({
		initialValues: {
			title: schedule?.title ?? "",
			brand_ids: schedule?.brand_ids ?? [],
			period: schedule?.period ?? ("last_7_days" as const),
			against: (schedule?.compare === false ? "none" : (schedule?.against ?? "before")) as Against,
			template_id: schedule?.template_id ?? "",
			min_confidence: schedule?.min_confidence ?? 0.8,
			rhythm: schedule?.rhythm ?? ("weekdays" as const),
			weekdays: (schedule?.weekdays ?? [1, 2, 3, 4, 5]).map(String),
			month_day: String(schedule?.month_day ?? 1),
			time: schedule?.time ?? "08:00",
			attachments: schedule?.attachments ?? (["pdf"] as ReportScheduleOut["attachments"]),
			link: schedule?.link ?? true,
			skip_if_empty: schedule?.skip_if_empty ?? true,
			recipients: (schedule?.recipients ?? [
				{ user_id: user.id, email: user.email, name: user.name, time_zone: organization.time_zone },
			]) as Reader[],
		},
		validate: {
			title: (title) => (title.trim() ? null : "What shall it be called?"),
			time: (time) => (time ? null : "At what time?"),
			weekdays: (days, { rhythm }) => (rhythm === "monthly" || days.length > 0 ? null : "On which days?"),
			recipients: (readers) => (readers.length > 0 ? null : "Who shall get it?"),
		},
	});
	const { values } = form;
	const rhythm = {
		rhythm: values.rhythm,
		weekdays: values.weekdays.map(Number),
		month_day: Number(values.month_day),
		time: values.time,
	};
	const after = {
		onSuccess: ({ title, when }: ReportScheduleOut) => {
			say(`${title}: ${uncapital(when)}`);
			done();
		},
		onError: (error: unknown) => form.setErrors(fieldErrors(error)),
	};
	const save = ({ recipients, against, template_id, ...rest }: typeof values) => {
		const body: ReportScheduleIn = {
			...rest,
			compare: against !== "none",
			...(against !== "none" && { against }),
			template_id: template_id || null,
			...rhythm,
			title: rest.title.trim(),
			recipients: recipients.map(({ user_id, email, name, time_zone }) =>
				user_id ? { user_id, time_zone } : { email, name, time_zone },
			),
		};
		if (schedule) change.mutate({ path: { report_schedule_id: schedule.id }, body }, after);
		else add.mutate({ body }, after);
	};
	const error = add.error ?? change.error;
	return (
		<PanelForm
			onSubmit={form.onSubmit(save)}
			dirty={form.isDirty() && !add.isSuccess && !change.isSuccess}
			saving={add.isPending || change.isPending}
			disabled={!may}
			aside={schedule && may && <Remove schedule={schedule} />}
		>
			<Stack gap="lg">
				{children}
				<NoMail />
				{error && (
					<Alert color="red" role="alert">
						{sentence(error)}
					</Alert>
				)}
				<TextInput
					label="Title"
					description="Stands in the subject of each mail"
					placeholder="Weekly report for Acme"
					required
					{...form.getInputProps("title")}
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
					label="Days it tells of"
					description="Counted back from the day it is sent; no day is half told"
					allowDeselect={false}
					data={PERIODS}
					{...form.getInputProps("period")}
				/>
				<Select
					label="Compare with"
					allowDeselect={false}
					data={AGAINST}
					{...form.getInputProps("against")}
				/>
				<TemplateField {...form.getInputProps("template_id")} />
				<Input.Wrapper
					label={`Count mentions from ${percent(values.min_confidence)} confidence on`}
					labelElement="div"
				>
					<Slider
						mt="xs"
						mx="sm"
						min={0.5}
						max={1}
						step={0.05}
						label={percent}
						thumbLabel="Least confidence"
						{...form.getInputProps("min_confidence")}
					/>
				</Input.Wrapper>
				<Select
					label="When"
					allowDeselect={false}
					data={[
						{ value: "weekdays", label: "On days of the week" },
						{ value: "monthly", label: "Once a month" },
					]}
					{...form.getInputProps("rhythm")}
				/>
				{values.rhythm === "weekdays" ? (
					<Input.Wrapper label="Days" labelElement="div" error={form.errors.weekdays}>
						<Chip.Group multiple {...form.getInputProps("weekdays")}>
							<Group gap={6} mt={6}>
								{WEEKDAYS.map(({ value, label }) => (
									<Chip key={value} value={value} size="xs">
										{label}
									</Chip>
								))}
							</Group>
						</Chip.Group>
					</Input.Wrapper>
				) : (
					<Select
						label="Day of the month"
						allowDeselect={false}
						data={MONTH_DAYS}
						{...form.getInputProps("month_day")}
					/>
				)}
				<TextInput
					type="time"
					label="At"
					description="By the clock of each reader"
					w={160}
					{...form.getInputProps("time")}
				/>
				<ReadersField
					schedule={schedule}
					value={values.recipients}
					error={form.errors.recipients}
					onChange={(readers) => form.setFieldValue("recipients", readers)}
					zone={organization.time_zone}
					disabled={!may}
				/>
				<NextTimes
					rhythm={rhythm}
					zones={values.recipients.map(({ time_zone }) => time_zone)}
					paused={schedule?.paused ?? false}
				/>
				<Checkbox.Group label="Goes along as a file" {...form.getInputProps("attachments")}>
					<Group gap="md" mt={6}>
						{FORMS.map(({ value, label }) => (
							<Checkbox key={value} value={value} label={label} />
						))}
					</Group>
				</Checkbox.Group>
				<Switch
					label="A link for readers outside"
					description="Opens this one report without signing in, for 30 days; members get a link into brandhound"
					{...form.getInputProps("link", { type: "checkbox" })}
				/>
				<Switch
					label="Stay silent when there was no mention"
					{...form.getInputProps("skip_if_empty", { type: "checkbox" })}
				/>
				{schedule && <ScheduleHistory id={schedule.id} />}
			</Stack>
		</PanelForm>
	);
}

function Remove({ schedule }: { schedule: ReportScheduleOut }) {
	const { done } = usePanel();
	const remove = useRemoveSchedule();
	return (
		<ConfirmButton
			question={`Remove ${schedule.title}?`}
			consequence="It leaves no more. What was sent stays in the list; the links in those mails go on until they end."
			yes="Remove"
			loading={remove.isPending}
			onConfirm={() =>
				remove.mutate(
					{ path: { report_schedule_id: schedule.id } },
					{
						onSuccess: () => {
							say("The schedule is removed");
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
