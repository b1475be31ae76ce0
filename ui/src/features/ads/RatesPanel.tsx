import { ActionIcon, Anchor, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ExchangeRateOut, ExchangeRatesOut, RatesOfCurrency } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { RowName } from "@/shared/DataTable";
import { count, plural } from "@/shared/numbers";
import { today } from "@/shared/range";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { complain, offerUndo, say } from "@/shared/undo";
import classes from "./Ads.module.css";
import { RatesImport } from "./RatesImport";
import { useExchangeRates, usePutRate, useRatesOf, useRemoveRates, useTakeRemovalBack } from "./rateQueries";

/** Daily rates between currencies, by which money is shown in one. */
export function RatesPanel({ onClose }: { onClose: () => void }) {
	const rates = useExchangeRates();
	return (
		<SlideOver
			title="Exchange rates"
			about="To show money of several currencies in one. What is stored stays in each account's own."
			onClose={onClose}
		>
			{rates.isPending ? (
				<LoadingPanel what="exchange rates" />
			) : failed(rates) ? (
				<PanelBody>
					<ProblemPanel error={rates.error} retry={rates.refetch} />
				</PanelBody>
			) : (
				<PanelBody>
					<Known known={rates.data} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

function Known({ known }: { known: ExchangeRatesOut }) {
	const may = useCan("analyst");
	return (
		<Stack gap="lg">
			<Needed known={known} />
			{known.currencies.length > 0 && <Currencies known={known} may={may} />}
			{may && <RatesImport base={known.base ?? "EUR"} fixed={known.base !== null} />}
			{may && <OneRate known={known} />}
		</Stack>
	);
}

/** Which currencies the accounts are in, and whether rates of them are here. */
function Needed({ known: { base, currencies, needed } }: { known: ExchangeRatesOut }) {
	const until = new Map(currencies.map((one) => [one.currency, one.until]));
	if (needed.length === 0) return <Text size="sm">There is no ad account yet.</Text>;
	return (
		<ul className={classes.unsaid}>
			{needed.map(({ currency, accounts }) => {
				const last = until.get(currency);
				return (
					<li key={currency}>
						<Text size="sm">
							<b>{currency}</b>, {plural(accounts, "account")}:{" "}
							{currency === base
								? "the other rates are against it"
								: last
									? `rates up to ${day(last)}`
									: "no rate yet"}
						</Text>
					</li>
				);
			})}
		</ul>
	);
}

function Currencies({ known, may }: { known: ExchangeRatesOut; may: boolean }) {
	const [open, setOpen] = useState<string>();
	const mine = new Set(known.needed.map(({ currency }) => currency));
	const [all, setAll] = useState(false);
	const shown = known.currencies.filter(({ currency }) => all || mine.has(currency));
	const others = known.currencies.length - shown.length;
	return (
		<section aria-labelledby="rates-here">
			<Group justify="space-between" mb="xs">
				<Title order={3} size="h6" id="rates-here">
					{plural(known.rates, "rate")} against {known.base}
				</Title>
				<Anchor size="sm" href="/api/exchange-rates/table.csv?bom=true" download>
					Export all (CSV)
				</Anchor>
			</Group>
			<Stack gap={4}>
				{shown.map((one) => (
					<Currency
						key={one.currency}
						of={one}
						base={known.base ?? ""}
						may={may}
						open={open === one.currency}
						onOpen={() => setOpen(open === one.currency ? undefined : one.currency)}
					/>
				))}
			</Stack>
			<Group gap="md" mt="xs">
				{others > 0 && (
					<RowName onClick={() => setAll(true)}>
						Show {plural(others, "more currency", "more currencies")}
					</RowName>
				)}
				{may && <RemoveButton label="Remove all rates" what="all rates" />}
			</Group>
		</section>
	);
}

type CurrencyProps = { of: RatesOfCurrency; base: string; may: boolean; open: boolean; onOpen: () => void };

function Currency({ of, base, may, open, onOpen }: CurrencyProps) {
	return (
		<div>
			<Group justify="space-between" wrap="nowrap" gap="xs">
				<div>
					<RowName onClick={onOpen}>{of.currency}</RowName>
					<Text size="xs" c="dimmed">
						{plural(of.rates, "daily rate")}, {day(of.since)} to {day(of.until)}, from {of.sources.join(", ")}
						, put in {day(of.brought_at)}
					</Text>
				</div>
				{may && <RemoveButton currency={of.currency} what={`the rates of ${of.currency}`} />}
			</Group>
			{open && <Days currency={of.currency} base={base} may={may} />}
		</div>
	);
}

function Days({ currency, base, may }: { currency: string; base: string; may: boolean }) {
	const rates = useRatesOf(currency);
	if (rates.isPending) return <LoadingPanel what="rates" />;
	if (failed(rates)) return <ProblemPanel error={rates.error} retry={rates.refetch} />;
	return (
		<table className={classes.evidence} aria-label={`Newest rates of ${currency}`}>
			<tbody>
				{rates.data.map((one: ExchangeRateOut) => (
					<tr key={one.day}>
						<th scope="row">{day(one.day)}</th>
						<td>
							1 {base} = {one.rate} {currency}
						</td>
						<td>
							<Text span size="xs" c="dimmed">
								{one.source}
							</Text>
						</td>
						<td>
							{may && <RemoveButton currency={currency} on={one.day} what={`the rate of ${day(one.day)}`} />}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

type RemoveProps = { what: string; currency?: string; on?: string; label?: string };

function RemoveButton({ what, currency, on, label }: RemoveProps) {
	const remove = useRemoveRates();
	const putBack = useTakeRemovalBack();
	const onError = (error: unknown) => complain(sentence(error));
	const forget = () =>
		remove.mutate(
			{ query: { currency, since: on, until: on } },
			{
				onSuccess: ({ removal_id, rates }) =>
					offerUndo(`Removed ${plural(rates, "rate")}`, () =>
						putBack.mutate({ path: { removal_id } }, { onError }),
					),
				onError,
			},
		);
	if (label)
		return (
			<Button size="compact-sm" variant="subtle" color="red" loading={remove.isPending} onClick={forget}>
				{label}
			</Button>
		);
	return (
		<ActionIcon
			variant="subtle"
			color="gray"
			aria-label={`Remove ${what}`}
			loading={remove.isPending}
			onClick={forget}
		>
			<Trash2 size={15} />
		</ActionIcon>
	);
}

/** A rate that one knows, typed in. */
function OneRate({ known }: { known: ExchangeRatesOut }) {
	const put = usePutRate();
	const { organization } = useSession();
	const first = known.needed.find(({ currency }) => currency !== (known.base ?? "EUR"))?.currency ?? "";
	const [typed, setTyped] = useState({
		currency: first,
		day: today(organization.time_zone),
		rate: "",
		base: known.base ?? "EUR",
		source: "",
	});
	const set = (change: Partial<typeof typed>) => setTyped((old) => ({ ...old, ...change }));
	const { currency, day: on, rate, source } = typed;
	// Settled by the first rate that is kept, by whatever way it came.
	const base = known.base ?? typed.base;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		put.mutate(
			{ path: { currency, day: on }, body: { rate, base, source } },
			{
				onSuccess: (kept) => {
					say(`1 ${kept.base} = ${kept.rate} ${kept.currency} on ${day(kept.day)}`);
					set({ rate: "" });
				},
			},
		);
	};
	return (
		<section aria-labelledby="one-rate">
			<Title order={3} size="h6" mb="xs" id="one-rate">
				Type one in
			</Title>
			<form onSubmit={submit}>
				<Stack gap="sm">
					<SimpleGrid cols={{ base: 1, xs: known.base === null ? 3 : 2 }} spacing="sm">
						<TextInput
							label="Day"
							type="date"
							value={on}
							onChange={({ currentTarget }) => set({ day: currentTarget.value })}
						/>
						<TextInput
							label="Currency"
							maxLength={3}
							value={currency}
							onChange={({ currentTarget }) => set({ currency: currentTarget.value.toUpperCase() })}
						/>
						{known.base === null && (
							<TextInput
								label="Against"
								maxLength={3}
								value={base}
								onChange={({ currentTarget }) => set({ base: currentTarget.value.toUpperCase() })}
							/>
						)}
					</SimpleGrid>
					<Group grow align="start">
						<TextInput
							label={`${currency || "Units"} for 1 ${base}`}
							inputMode="decimal"
							placeholder="1.0543"
							value={rate}
							onChange={({ currentTarget }) => set({ rate: currentTarget.value })}
						/>
						<TextInput
							label="Source"
							placeholder="Our bank"
							maxLength={80}
							value={source}
							onChange={({ currentTarget }) => set({ source: currentTarget.value })}
						/>
					</Group>
					{put.isError && (
						<Text size="sm" c="red" role="alert">
							{sentence(put.error)} {(put.error as { why?: string }).why}
						</Text>
					)}
					<Group>
						<Button
							type="submit"
							variant="default"
							loading={put.isPending}
							disabled={!on || currency.length !== 3 || base.length !== 3 || !rate.trim() || !source.trim()}
						>
							Put it in
						</Button>
						{known.currencies.length > 0 && (
							<Text size="xs" c="dimmed">
								One that is there for that day is replaced. {count(known.rates)} are here.
							</Text>
						)}
					</Group>
				</Stack>
			</form>
		</section>
	);
}
