import { Button, Checkbox, Group, NumberInput, Stack, Text } from "@mantine/core";
import { RefreshCw, RotateCcw } from "lucide-react";
import { type FormEvent, useState } from "react";
import { sentence } from "@/api/problems";
import { useStartRun } from "@/features/jobs/queries";
import { complain, say } from "@/shared/undo";
import { useStartSync } from "./accountQueries";

/** What the server takes where nothing else is said, and its ends. */
const FIELDS = [
	{
		name: "days_back",
		label: "Days back",
		about: "Read again; Meta keeps 37 months",
		value: 90,
		min: 1,
		max: 1130,
	},
	{ name: "max_videos", label: "Films", about: "Fetched at most", value: 20, min: 0, max: 10_000 },
	{ name: "max_images", label: "Pictures", about: "Fetched at most", value: 40, min: 0, max: 100_000 },
	{ name: "max_megabytes", label: "Megabytes", about: "Fetched at most", value: 500, min: 1, max: 100_000 },
] as const;
type Wish = Record<(typeof FIELDS)[number]["name"], number | string>;

const USUAL = Object.fromEntries(FIELDS.map(({ name, value }) => [name, value])) as Wish;

type Props = { account: string; disabled: boolean; onDone: () => void };

/** A sync that goes further back or fetches more than the usual one; and counting again what Meta answered before. */
export function SyncMore({ account, disabled, onDone }: Props) {
	const start = useStartSync();
	const again = useStartRun();
	const [wish, setWish] = useState<Wish>(USUAL);
	const [classify, setClassify] = useState(false);
	const onError = (error: unknown) => complain(sentence(error));
	const isWhole = Object.values(wish).every((value) => value !== "");
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const numbers = Object.fromEntries(Object.entries(wish).map(([name, value]) => [name, Number(value)]));
		start.mutate(
			{ path: { account_id: account }, body: { ...numbers, auto_classify: classify } },
			{
				onSuccess: () => {
					say("The sync is on its way");
					onDone();
				},
				onError,
			},
		);
	};
	const countAgain = () =>
		again.mutate(
			{ body: { job: "ads.replay", parameters: { ad_account_id: account } } },
			{
				onSuccess: () => {
					say("Counting again what Meta answered; the run stands under Jobs");
					onDone();
				},
				onError,
			},
		);
	return (
		<form onSubmit={submit} aria-label="Sync with other settings">
			<Stack gap="sm">
				<Group gap="xs" align="start">
					{FIELDS.map(({ name, label, about, min, max }) => (
						<NumberInput
							key={name}
							size="xs"
							w={132}
							label={label}
							description={about}
							inputWrapperOrder={["label", "input", "description"]}
							min={min}
							max={max}
							clampBehavior="strict"
							allowDecimal={false}
							thousandSeparator=","
							value={wish[name]}
							onChange={(value) => setWish((old) => ({ ...old, [name]: value }))}
						/>
					))}
				</Group>
				<Checkbox
					size="xs"
					label="Have new ads classified afterwards, where that is set up"
					checked={classify}
					onChange={(event) => setClassify(event.currentTarget.checked)}
				/>
				<Group gap="xs">
					<Button
						type="submit"
						size="xs"
						leftSection={<RefreshCw size={14} />}
						loading={start.isPending}
						disabled={disabled || !isWhole}
					>
						Sync with these
					</Button>
					<Button
						size="xs"
						variant="default"
						leftSection={<RotateCcw size={14} />}
						loading={again.isPending}
						onClick={countAgain}
					>
						Count again without asking Meta
					</Button>
				</Group>
				<Text size="xs" c="dimmed">
					Counting again reads the answers that were kept: for when a figure here looks wrong and Meta need
					not be asked anew.
				</Text>
			</Stack>
		</form>
	);
}
