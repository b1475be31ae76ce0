import { Alert, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { AlertOut, AlertWish } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { AlertFields, type AlertValues, isNumber, numbersOf } from "./AlertFields";
import { BackTestResult } from "./BackTestResult";
import { IncidentList } from "./IncidentList";
import {
	useAlert,
	useBackTest,
	useChangeAlert,
	useCreateAlert,
	useDeleteAlert,
	useIncidents,
} from "./queries";
import { SayIt } from "./SayIt";
import { wishInWords } from "./words";

type Props = { id: string; onClose: () => void };

export function AlertPanel({ id, onClose }: Props) {
	if (id === "new") {
		return (
			<SlideOver title="New alert" about="Tried on the last 90 days as you choose" onClose={onClose}>
				<Form alert={undefined} />
			</SlideOver>
		);
	}
	return <OpenAlert id={id} onClose={onClose} />;
}

function OpenAlert({ id, onClose }: Props) {
	const alert = useAlert(id);
	return (
		<SlideOver title={alert.data?.title ?? "Alert"} onClose={onClose}>
			{alert.isPending ? (
				<LoadingPanel what="alert" />
			) : failed(alert) ? (
				<ProblemPanel error={alert.error} retry={alert.refetch} />
			) : (
				<Form alert={alert.data} />
			)}
		</SlideOver>
	);
}

function Form({ alert }: { alert: AlertOut | undefined }) {
	const { done } = usePanel();
	const create = useCreateAlert();
	const change = useChangeAlert();
	const form = useKeptForm<AlertValues>({
		initialValues: {
			title: alert?.title ?? "",
			brand_id: alert?.brand_id ?? "",
			kind: alert?.kind ?? "spike",
			keenness: alert?.keenness ?? "usual",
			least_stories: alert?.least_stories ?? 4,
			hours: alert?.hours ?? 48,
			least_outlets: alert?.least_outlets ?? 3,
			within_hours: alert?.within_hours ?? 24,
			said: alert?.said ?? "",
			tones: alert?.tones ?? [],
			words: alert?.words ?? [],
			enabled: alert?.enabled ?? true,
		},
		validate: (values) => ({
			...(!values.brand_id && { brand_id: "Choose one" }),
			...Object.fromEntries(
				numbersOf(values.kind)
					.filter((name) => !isNumber(values[name]))
					.map((name) => [name, "A number"]),
			),
		}),
	});
	const { title: _, enabled: __, said, ...wish } = form.values;
	const saving = alert ? change : create;
	const onError = (error: unknown) => form.setErrors(fieldErrors(error));
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				alert
					? change.mutate({ path: { alert_id: alert.id }, body }, { onSuccess: done, onError })
					: create.mutate(
							{ body },
							{
								onSuccess: () => {
									say("You will be told");
									done();
								},
								onError,
							},
						),
			)}
			dirty={form.isDirty() && !create.isSuccess}
			saving={saving.isPending}
			save={alert ? "Save" : "Switch on"}
			aside={alert && <Remove id={alert.id} />}
		>
			<Stack gap="md">
				{saving.isError && (
					<Alert color="red" role="alert">
						{sentence(saving.error)}
					</Alert>
				)}
				{alert && <Switch label="On" {...form.getInputProps("enabled", { type: "checkbox" })} />}
				{!alert && (
					<SayIt
						onRead={({ parts: _, ignored: __, notes: ___, brand: ____, brand_id, ...rule }, text) =>
							form.setValues({ ...rule, brand_id: brand_id ?? form.values.brand_id, said: text })
						}
					/>
				)}
				{alert && said && (
					<Text size="sm" c="dimmed">
						Asked for with: “{said}”
					</Text>
				)}
				<AlertFields form={form} />
				<Text size="sm" fw={600} mih="1.55em" role="status">
					{isWhole(wish) && wishInWords(wish)}
				</Text>
				<TextInput
					label="Name"
					placeholder="Named after what it tells of"
					maxLength={200}
					{...form.getInputProps("title")}
				/>
				<BackTest wish={wish} />
				{alert && <Told id={alert.id} />}
			</Stack>
		</PanelForm>
	);
}

/** Whether it can be tried: not while one of its numbers is typed anew. */
const isWhole = (wish: AlertWish) => numbersOf(wish.kind).every((name) => isNumber(wish[name]));

function BackTest({ wish }: { wish: AlertWish }) {
	const [settled] = useDebouncedValue(wish, 400);
	const whole = isWhole(settled);
	const tried = useBackTest(settled, whole);
	return (
		<section aria-labelledby="back-test" aria-live="polite" aria-busy={tried.isFetching}>
			<Title order={3} size="h6" mb="xs" id="back-test">
				The last 90 days
			</Title>
			{settled.brand_id === "" ? (
				<Text size="sm" c="dimmed">
					Choose a brand, and you see when this alert would have rung.
				</Text>
			) : failed(tried) ? (
				<ProblemPanel error={tried.error} retry={tried.refetch} />
			) : !whole && tried.data === undefined ? (
				<Text size="sm" c="dimmed">
					Say the number, and you see when this alert would have rung.
				</Text>
			) : tried.data === undefined ? (
				<LoadingPanel what="back-test" />
			) : (
				<BackTestResult result={tried.data} stale={tried.isPlaceholderData} />
			)}
		</section>
	);
}

function Told({ id }: { id: string }) {
	const incidents = useIncidents(id);
	const [now] = useState(Date.now);
	if (!incidents.data?.length) return null;
	return (
		<section aria-labelledby="told">
			<Title order={3} size="h6" mb="xs" id="told">
				What it told you
			</Title>
			<IncidentList incidents={incidents.data} now={now} />
		</section>
	);
}

function Remove({ id }: { id: string }) {
	const { done } = usePanel();
	const remove = useDeleteAlert();
	return (
		<ConfirmButton
			question="Remove this alert?"
			consequence="What it told of is forgotten with it; the stories stay."
			yes="Remove"
			loading={remove.isPending}
			onConfirm={() =>
				remove.mutate(
					{ path: { alert_id: id } },
					{ onSuccess: done, onError: (error) => complain(sentence(error)) },
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}
