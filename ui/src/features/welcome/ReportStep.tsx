import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock, Check, FileChartColumn } from "lucide-react";
import {
	addReportScheduleMutation,
	addScheduleMutation,
	createReportMutation,
	getNotificationMailOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { sentence } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { days } from "@/shared/range";
import { say } from "@/shared/undo";
import classes from "./Welcome.module.css";

export function ReportStep({ onReport }: { onReport: (id: string) => void }) {
	const { organization, user } = useSession();
	const zone = organization.time_zone;
	const maySchedule = useCan("admin");
	const create = useMutation({ ...createReportMutation(), onSuccess: ({ id }) => onReport(id) });
	const mail = useQuery(getNotificationMailOptions());
	const make = useMutation(addScheduleMutation());
	const send = useMutation(addReportScheduleMutation());
	// Without a mail server it is made all the same, and waits under Reports.
	const maySend = mail.data?.configured && !mail.data.zero_egress;
	const schedule = maySend ? send : make;
	const told = { onSuccess: () => say("A report is made every weekday at 8:00 from now on") };
	const everyWeekday = () =>
		maySend
			? send.mutate(
					{
						body: {
							title: "Every weekday",
							period: "last_7_days",
							recipients: [{ user_id: user.id, time_zone: zone }],
						},
					},
					told,
				)
			: make.mutate(
					{
						body: {
							job: "reports.make",
							title: "Report every weekday",
							cron: "0 8 * * 1-5",
							time_zone: zone,
						},
					},
					told,
				);
	const range = days("30d", zone);
	const error = create.error ?? make.error ?? send.error;
	return (
		<Card p={{ base: "md", xs: "xl" }} className={classes.card}>
			<Stack gap="lg">
				<div>
					<Title order={1}>Your first report</Title>
					<Text c="dimmed" size="sm">
						The last 30 days: volume, share of voice, tone with its uncertainty, outlets and top stories. Each
						number opens its evidence.
					</Text>
				</div>
				{error && (
					<Alert color="red" role="alert">
						{sentence(error)}
					</Alert>
				)}
				<Group gap="sm" className={classes.choices}>
					<Button
						size="md"
						leftSection={<FileChartColumn size={18} />}
						loading={create.isPending}
						onClick={() => range && create.mutate({ body: { since_on: range.since, until_on: range.until } })}
					>
						Make and open it
					</Button>
					{maySchedule && (
						<Button
							size="md"
							variant="default"
							leftSection={schedule.isSuccess ? <Check size={17} /> : <CalendarClock size={17} />}
							loading={schedule.isPending}
							aria-disabled={schedule.isSuccess}
							data-disabled={schedule.isSuccess || undefined}
							onClick={schedule.isSuccess ? undefined : everyWeekday}
						>
							{schedule.isSuccess
								? "Every weekday at 8:00"
								: maySend
									? "Send me this every weekday at 8:00"
									: "Make one every weekday at 8:00"}
						</Button>
					)}
				</Group>
			</Stack>
		</Card>
	);
}
