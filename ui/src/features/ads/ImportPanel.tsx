import { Alert, Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ImportOut } from "@/api/generated/types.gen";
import { failed, isProblem } from "@/api/problems";
import { useSession } from "@/api/session";
import { count, plural } from "@/shared/numbers";
import { PanelBody, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { say } from "@/shared/undo";
import { TIME_ZONES } from "@/shared/zones";
import classes from "./AdAccounts.module.css";
import { useAdAccounts, useBrandChoices, useImportTable } from "./accountQueries";
import { CellFaults, NotTaken, TableFile, TryIt } from "./Bringing";

type Props = { account: string | undefined; onClose: () => void; onDone: (account: string) => void };
type Mapping = Record<string, string>;

const NEW = "new";

/** A table from Ads Manager: tried first, stored when one has seen what it comes to. */
export function ImportPanel({ account: given, onClose, onDone }: Props) {
	const accounts = useAdAccounts();
	const brands = useBrandChoices();
	return (
		<SlideOver
			title="Import a table"
			about="CSV or Excel from Ads Manager, one row for each ad and day"
			onClose={onClose}
		>
			{accounts.isPending || brands.isPending ? (
				<LoadingPanel what="ad accounts" />
			) : failed(accounts) ? (
				<ProblemPanel error={accounts.error} retry={accounts.refetch} />
			) : (
				<Steps
					given={given}
					accounts={accounts.data.items.map(({ id, name }) => ({ value: id, label: name }))}
					brands={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
					onDone={onDone}
				/>
			)}
		</SlideOver>
	);
}

type Choice = { value: string; label: string };
type StepsProps = {
	given: string | undefined;
	accounts: Choice[];
	brands: Choice[];
	onDone: (account: string) => void;
};

function Steps({ given, accounts, brands, onDone }: StepsProps) {
	const zone = useSession().organization.time_zone;
	const bring = useImportTable();
	const [into, setInto] = useState(given ?? NEW);
	const [fresh, setFresh] = useState({
		name: "Imported",
		currency: "EUR",
		time_zone: zone,
		brand_id: brands[0]?.value ?? null,
	});
	const [file, setFile] = useState<File | null>(null);
	const [mapping, setMapping] = useState<Mapping>({});
	const { setDirty } = usePanel();
	// The file has to be chosen again, and its columns told again, by whoever leaves.
	useEffect(() => {
		setDirty(file !== null);
		return () => setDirty(false);
	}, [file, setDirty]);
	const tried = bring.data && !bring.data.committed ? bring.data : undefined;
	const send = (how: { commit: boolean; skip?: boolean; mapping?: Mapping }) => {
		if (!file) return;
		const read = how.mapping ?? mapping;
		setMapping(read);
		bring.mutate(
			{
				into: into === NEW ? fresh : into,
				file,
				mapping: read,
				commit: how.commit,
				skip: how.skip ?? false,
			},
			{
				onSuccess: (came) => {
					if (!came.account_id) return;
					say(`${plural((came.added ?? 0) + (came.changed ?? 0), "row")} stored`);
					setDirty(false);
					onDone(came.account_id);
				},
			},
		);
	};
	/** What was tried was tried for another account. */
	const describe = (change: Partial<typeof fresh>) => {
		setFresh({ ...fresh, ...change });
		bring.reset();
	};
	const error = bring.error;
	return (
		<PanelBody>
			<Stack gap="md">
				{!given && (
					<Select
						label="Into"
						data={[{ value: NEW, label: "A new account" }, ...accounts]}
						value={into}
						onChange={(value) => {
							setInto(value ?? NEW);
							bring.reset();
						}}
						allowDeselect={false}
					/>
				)}
				{into === NEW && (
					<>
						<TextInput
							label="Name"
							value={fresh.name}
							maxLength={200}
							onChange={(event) => setFresh({ ...fresh, name: event.currentTarget.value })}
						/>
						<Group grow align="start">
							<TextInput
								label="Currency"
								description="Three letters"
								maxLength={3}
								value={fresh.currency}
								onChange={(event) => describe({ currency: event.currentTarget.value.toUpperCase() })}
							/>
							<Select
								label="Time zone"
								description="Of the account at Meta"
								searchable
								data={[...new Set([zone, ...TIME_ZONES])]}
								value={fresh.time_zone}
								onChange={(value) => value && describe({ time_zone: value })}
							/>
						</Group>
						<Select
							label="Brand"
							clearable
							data={brands}
							value={fresh.brand_id}
							onChange={(value) => setFresh({ ...fresh, brand_id: value })}
						/>
					</>
				)}
				<TableFile
					label="Table"
					about="In Ads Manager: tab Ads, Breakdown → By time → Day, then Export"
					accept=".csv,.tsv,.txt,.xlsx"
					value={file}
					onChange={(chosen) => {
						setFile(chosen);
						setMapping({});
						bring.reset();
					}}
				/>
				{error && (
					<NotTaken error={error}>
						{missing(error, mapping, (change) => send({ commit: false, mapping: { ...mapping, ...change } }))}
					</NotTaken>
				)}
				{!tried && (
					<TryIt
						disabled={!file || (into === NEW && (!fresh.name.trim() || fresh.currency.length !== 3))}
						busy={bring.isPending}
						onTry={() => send({ commit: false })}
					/>
				)}
				{tried && (
					<Tried
						tried={tried}
						busy={bring.isPending}
						onMap={(change) => send({ commit: false, mapping: { ...mapping, ...change } })}
						onStore={(skip) => send({ commit: true, skip })}
					/>
				)}
			</Stack>
		</PanelBody>
	);
}

/** What can be mended here of a table that was not taken: its columns, where it is said which they are. */
function missing(error: unknown, mapping: Mapping, onMap: (change: Mapping) => void) {
	const facts = error as {
		code?: string;
		missing?: string[];
		headers?: string[];
		since?: string;
		until?: string;
		table?: string;
		account?: string;
	};
	if (!isProblem(error)) return undefined;
	if (facts.code === "ads/other-currency")
		return <Text size="sm">{`The table is in ${facts.table}, the account in ${facts.account}.`}</Text>;
	if (facts.code === "ads/not-by-day" && facts.since && facts.until)
		return (
			<Text size="sm">
				One row goes from {day(facts.since)} to {day(facts.until)}. In Ads Manager choose Breakdown → By time
				→ Day, and export again.
			</Text>
		);
	if (facts.code !== "ads/columns-missing") return undefined;
	return facts.missing?.map((name) => (
		<Select
			key={name}
			label={`Which column is the ${words(name)}?`}
			data={[...new Set(facts.headers?.filter(Boolean))]}
			value={mapping[name] ?? null}
			onChange={(header) => header && onMap({ [name]: header })}
		/>
	));
}

type TriedProps = {
	tried: ImportOut;
	busy: boolean;
	onMap: (change: Mapping) => void;
	onStore: (skip: boolean) => void;
};

function Tried({ tried, busy, onMap, onStore }: TriedProps) {
	const spend = new Intl.NumberFormat("en", { style: "currency", currency: tried.currency });
	const headers = tried.columns.map(({ header }) => header);
	return (
		<Stack gap="md" role="status">
			<Alert
				color={tried.faulty_rows > 0 ? "yellow" : "green"}
				title={`${plural(tried.good_rows, "row")} of ${plural(tried.ads, "ad")} can be read`}
			>
				{tried.since && tried.until && `From ${day(tried.since)} to ${day(tried.until)}, `}
				{spend.format(tried.spend_micros / 1_000_000)} spent.
				{tried.totals_left_out > 0 && ` ${plural(tried.totals_left_out, "row")} of totals left out.`}
				{tried.faulty_rows > 0 && ` ${plural(tried.faulty_rows, "row")} cannot be read.`}
			</Alert>
			{tried.day_order_assumed && (
				<Alert color="yellow" title="Its days can be read either way">
					They were read as {tried.day_order === "month_first" ? "month/day" : "day/month"}. Compare the days
					above with what you exported; a table with days such as 2026-11-25 leaves no doubt.
				</Alert>
			)}
			{tried.faults.length > 0 && (
				<section aria-labelledby="faults">
					<Title order={3} size="h6" id="faults">
						What cannot be read
					</Title>
					<CellFaults
						faults={tried.faults}
						more={(shown) =>
							`and ${count(tried.faults.length - shown)}${tried.faults.length === 100 ? " or" : ""} more`
						}
					/>
				</section>
			)}
			<section aria-labelledby="columns">
				<Title order={3} size="h6" mb="xs" id="columns">
					What its columns hold
				</Title>
				<Stack gap={6}>
					{tried.columns.map(({ header, holds }, place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: two columns may be called alike; they stay in their places
						<div key={`${place} ${header}`} className={classes.column}>
							<Text size="sm">{header || "(no name)"}</Text>
							<Select
								size="xs"
								aria-label={`What ${header || "the column without a name"} holds`}
								placeholder="Not read"
								clearable
								searchable
								disabled={busy || !header || headers.indexOf(header) !== place}
								data={tried.can_hold.map((name) => ({ value: name, label: words(name) }))}
								value={holds ?? null}
								onChange={(name) => onMap({ ...(holds && { [holds]: "" }), ...(name && { [name]: header }) })}
							/>
						</div>
					))}
				</Stack>
			</section>
			<Group>
				<Button
					loading={busy}
					disabled={tried.good_rows === 0}
					onClick={() => onStore(tried.faulty_rows > 0)}
				>
					{tried.faulty_rows > 0
						? `Import ${plural(tried.good_rows, "row")}, leave out ${count(tried.faulty_rows)}`
						: `Import ${plural(tried.good_rows, "row")}`}
				</Button>
			</Group>
		</Stack>
	);
}

/** spend_micros → "spend", link_clicks → "link clicks" */
function words(name: string): string {
	return name.replace(/_micros$/, "").replaceAll("_", " ");
}
