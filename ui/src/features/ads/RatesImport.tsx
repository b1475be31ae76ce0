import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { RatesImportOut } from "@/api/generated/types.gen";
import { count, plural } from "@/shared/numbers";
import { day } from "@/shared/time";
import { say } from "@/shared/undo";
import { CellFaults, NotTaken, TableFile, TryIt } from "./Bringing";
import { useImportRates } from "./rateQueries";

const YEAR = 366 * 86_400_000;

/** A table of rates: tried first, stored when one has seen what it comes to. */
export function RatesImport({ base: given, fixed }: { base: string; fixed: boolean }) {
	const bring = useImportRates();
	const [file, setFile] = useState<File | null>(null);
	const [how, setHow] = useState({
		base: given,
		source: "European Central Bank",
		since: new Date(Date.now() - 2 * YEAR).toISOString().slice(0, 10),
	});
	const set = (change: Partial<typeof how>) => {
		setHow((old) => ({ ...old, ...change }));
		bring.reset();
	};
	const tried = bring.data && !bring.data.committed ? bring.data : undefined;
	const base = fixed ? given : how.base;
	const send = (commit: boolean, skip = false) => {
		if (!file) return;
		bring.mutate(
			{ ...how, file, base, commit, skip },
			{
				onSuccess: (came) => {
					if (!came.committed) return;
					say(`${plural(came.added + came.changed, "rate")} stored`);
					setFile(null);
					bring.reset();
				},
			},
		);
	};
	return (
		<section aria-labelledby="import-rates">
			<Title order={3} size="h6" id="import-rates">
				Import a table
			</Title>
			<Text size="xs" c="dimmed" mb="xs">
				The European Central Bank's eurofxref-hist.csv as it is (its zip will do), or a CSV with the columns
				date, currency and rate. You download it; nothing is fetched from here.
			</Text>
			<Stack gap="sm">
				<TableFile
					label="Table of rates"
					accept=".csv,.txt,.zip"
					value={file}
					onChange={(chosen) => {
						setFile(chosen);
						bring.reset();
					}}
				/>
				<SimpleGrid cols={{ base: 1, xs: fixed ? 2 : 3 }} spacing="sm">
					<TextInput
						label="Source"
						maxLength={80}
						value={how.source}
						onChange={({ currentTarget }) => set({ source: currentTarget.value })}
					/>
					<TextInput
						label="From day"
						type="date"
						value={how.since}
						onChange={({ currentTarget }) => set({ since: currentTarget.value })}
					/>
					{!fixed && (
						<TextInput
							label="Against"
							maxLength={3}
							value={how.base}
							onChange={({ currentTarget }) => set({ base: currentTarget.value.toUpperCase() })}
						/>
					)}
				</SimpleGrid>
				{bring.isError && <NotTaken error={bring.error} />}
				{tried ? (
					<Tried tried={tried} busy={bring.isPending} onStore={() => send(true, tried.faulty > 0)} />
				) : (
					<TryIt
						variant="default"
						disabled={!file || !how.source.trim() || base.length !== 3}
						busy={bring.isPending}
						onTry={() => send(false)}
					/>
				)}
			</Stack>
		</section>
	);
}

function Tried({ tried, busy, onStore }: { tried: RatesImportOut; busy: boolean; onStore: () => void }) {
	const { since, until, added, changed, unchanged, missing, before, faulty, faults, ignored } = tried;
	const stored = added + changed;
	return (
		<Stack gap="sm" role="status">
			<Alert
				color={faulty > 0 ? "yellow" : "green"}
				title={`${plural(tried.rates, "rate")} of ${plural(tried.currencies.length, "currency", "currencies")} can be read`}
			>
				{since && until && `From ${day(since)} to ${day(until)}, against ${tried.base}. `}
				{count(added)} new, {count(changed)} changed, {count(unchanged)} as they are.
				{missing > 0 && ` ${plural(missing, "cell")} without a rate.`}
				{before > 0 && ` ${count(before)} of earlier days left out.`}
				{ignored.length > 0 && ` Not read: ${ignored.slice(0, 5).join(", ")}.`}
			</Alert>
			{faulty > 0 && <CellFaults faults={faults} more={(shown) => `and ${count(faulty - shown)} more`} />}
			<Group>
				<Button loading={busy} disabled={stored === 0} onClick={onStore}>
					{stored === 0
						? "Nothing to store"
						: faulty > 0
							? `Store ${plural(stored, "rate")}, leave out ${count(faulty)}`
							: `Store ${plural(stored, "rate")}`}
				</Button>
			</Group>
		</Stack>
	);
}
