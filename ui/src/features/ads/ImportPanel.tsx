import { Alert, Button, FileInput, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useState } from "react";
import type { ImportOut } from "@/api/generated/types.gen";
import { failed, isProblem, sentence } from "@/api/problems";
import { useSession } from "@/api/session";
import { count, plural } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { say } from "@/shared/undo";
import { TIME_ZONES } from "@/shared/zones";
import classes from "./AdAccounts.module.css";
import { useAdAccounts, useBrandChoices, useImportTable } from "./accountQueries";

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
				<FileInput
					label="Table"
					description="In Ads Manager: tab Ads, Breakdown → By time → Day, then Export"
					placeholder="Choose a file"
					accept=".csv,.tsv,.txt,.xlsx"
					clearable
					styles={{ placeholder: { color: "var(--mantine-color-dimmed)" } }}
					clearButtonProps={{ "aria-label": "Take the table away" }}
					value={file}
					onChange={(chosen) => {
						setFile(chosen);
						setMapping({});
						bring.reset();
					}}
				/>
				{error && (
					<Alert color="red" role="alert" title={sentence(error)}>
						<Missing
							error={error}
							mapping={mapping}
							onMap={(change) => send({ commit: false, mapping: { ...mapping, ...change } })}
						/>
					</Alert>
				)}
				{!tried && (
					<Group>
						<Button
							leftSection={<FileUp size={16} />}
							disabled={!file || (into === NEW && (!fresh.name.trim() || fresh.currency.length !== 3))}
							loading={bring.isPending}
							onClick={() => send({ commit: false })}
						>
							Try it
						</Button>
						<Text size="xs" c="dimmed">
							Nothing is stored yet.
						</Text>
					</Group>
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

/** What the table lacks, to be shown where it stands. */
function Missing({
	error,
	mapping,
	onMap,
}: {
	error: unknown;
	mapping: Mapping;
	onMap: (m: Mapping) => void;
}) {
	const facts = error as {
		code?: string;
		missing?: string[];
		headers?: string[];
		why?: string;
		table?: string;
		account?: string;
	};
	if (!isProblem(error)) return null;
	if (facts.code === "ads/other-currency")
		return `The table is in ${facts.table}, the account in ${facts.account}.`;
	if (facts.code !== "ads/columns-missing") return facts.why ?? null;
	return (
		<Stack gap="xs">
			{facts.missing?.map((name) => (
				<Select
					key={name}
					label={`Which column is the ${words(name)}?`}
					data={[...new Set(facts.headers?.filter(Boolean))]}
					value={mapping[name] ?? null}
					onChange={(header) => header && onMap({ [name]: header })}
				/>
			))}
		</Stack>
	);
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
					<ul className={classes.faults}>
						{tried.faults.slice(0, 10).map(({ row, column, said, problem }) => (
							<li key={`${row} ${column}`}>
								<Text size="sm">
									Row {count(row)}, {column}: {problem}
									{said && ` (“${said}”)`}
								</Text>
							</li>
						))}
					</ul>
					{tried.faults.length > 10 && (
						<Text size="xs" c="dimmed">
							and {count(tried.faults.length - 10)}
							{tried.faults.length === 100 && " or"} more
						</Text>
					)}
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
