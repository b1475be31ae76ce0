import { Alert, Badge, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import dayjs from "dayjs";
import type { ShareOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { Secret } from "@/features/tenancy/Secret";
import { PanelForm, SlideOver } from "@/shared/SlideOver";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import classes from "./Leaving.module.css";
import { useShare, useShares, useTakeBack } from "./leaving";

type Props = { report: string; onClose: () => void };

/** Links that open one report to whoever has them. */
export function SharePanel({ report, onClose }: Props) {
	return (
		<SlideOver
			title="Share by a link"
			about="Whoever has the link sees exactly this report, without signing in, until the link ends"
			onClose={onClose}
		>
			<NewLink report={report} />
		</SlideOver>
	);
}

function NewLink({ report }: { report: string }) {
	const share = useShare();
	const form = useForm({
		initialValues: { label: "", days: "30", password: "" },
		validate: {
			password: (password) => (password && password.length < 8 ? "At least 8 characters, or none" : null),
		},
	});
	const make = ({ label, days, password }: typeof form.values) =>
		share.mutate(
			{
				path: { report_id: report },
				body: { label: label.trim(), days: Number(days), ...(password && { password }) },
			},
			{ onSuccess: () => form.reset(), onError: (error) => form.setErrors(fieldErrors(error)) },
		);
	return (
		<PanelForm
			onSubmit={form.onSubmit(make)}
			dirty={form.isDirty()}
			saving={share.isPending}
			save="Make the link"
		>
			<Stack gap="md">
				{share.isError && (
					<Alert color="red" role="alert">
						{sentence(share.error)}
					</Alert>
				)}
				{share.data && (
					<Secret title="The link" secret={share.data.url}>
						It is shown only now. Send it yourself.
					</Secret>
				)}
				<TextInput label="For whom" placeholder="The board" {...form.getInputProps("label")} />
				<Select
					label="Works for"
					allowDeselect={false}
					data={[
						{ value: "1", label: "A day" },
						{ value: "7", label: "A week" },
						{ value: "30", label: "30 days" },
						{ value: "90", label: "90 days" },
						{ value: "365", label: "A year" },
					]}
					{...form.getInputProps("days")}
				/>
				<TextInput
					label="Password"
					description="If you want one; tell it in another way than the link"
					autoComplete="off"
					{...form.getInputProps("password")}
				/>
				<Links report={report} />
			</Stack>
		</PanelForm>
	);
}

function Links({ report }: { report: string }) {
	const shares = useShares(report);
	if (shares.isPending) return <LoadingRows what="links" rows={2} />;
	if (failed(shares)) return <ProblemPanel error={shares.error} retry={shares.refetch} />;
	if (shares.data.length === 0) {
		return (
			<Text size="sm" c="dimmed">
				Nobody has a link to this report yet.
			</Text>
		);
	}
	return (
		<section aria-label="Links">
			<ul className={classes.share}>
				{shares.data.map((link) => (
					<li key={link.id}>
						<Link report={report} link={link} />
					</li>
				))}
			</ul>
		</section>
	);
}

function Link({ report, link }: { report: string; link: ShareOut }) {
	const takeBack = useTakeBack();
	const over = link.revoked_at ? "taken back" : dayjs(link.expires_at).isBefore(dayjs()) ? "ended" : null;
	return (
		<Group justify="space-between" wrap="nowrap" gap="sm">
			<div style={{ minWidth: 0 }}>
				<Text size="sm" truncate>
					{link.label || "A link"}
				</Text>
				<Text size="xs" c="dimmed">
					{link.views === 0
						? "Not opened yet"
						: `Opened ${link.views === 1 ? "once" : `${link.views} times`}, last ${moment(link.last_viewed_at ?? link.created_at)}`}
					{link.by_mail && " · sent by a schedule"}
					{link.has_password && " · with a password"}
					{!over && ` · until ${moment(link.expires_at)}`}
				</Text>
			</div>
			{over ? (
				<Badge color="gray" variant="light" style={{ flex: "none" }}>
					{over}
				</Badge>
			) : (
				<Button
					size="compact-sm"
					variant="subtle"
					color="red"
					style={{ flex: "none" }}
					loading={takeBack.isPending}
					onClick={() =>
						takeBack.mutate(
							{ path: { report_id: report, share_id: link.id } },
							{
								onSuccess: () => say("The link works no more"),
								onError: (error) => complain(sentence(error)),
							},
						)
					}
				>
					Take back
				</Button>
			)}
		</Group>
	);
}
