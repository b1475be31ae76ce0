import { Button, MultiSelect, SegmentedControl, Select, Text } from "@mantine/core";
import type { AdPage, LandingPageOut } from "@/api/generated/types.gen";
import { Filters, Words } from "@/shared/Filters";
import classes from "./Ads.module.css";
import { useAdAccounts, useBrandChoices } from "./accountQueries";
import { PRESETS } from "./adNumbers";
import { useAdMetrics, useAdRules, useLandingPages } from "./adQueries";
import type { AdsSearch } from "./adSearch";
import { useExchangeRates } from "./rateQueries";
import { currencyWords } from "./shownIn";

type Part = { search: AdsSearch; onSearch: (change: AdsSearch) => void };

const HEALTHS = [
	{ value: "critical", label: "Critical" },
	{ value: "warning", label: "Warning" },
	{ value: "healthy", label: "Nothing wrong" },
	{ value: "unjudged", label: "Not judged" },
	{ value: "insufficient", label: "Not enough evidence" },
];
const STATUSES = [
	{ value: "ACTIVE", label: "Active" },
	{ value: "PAUSED", label: "Paused" },
	{ value: "CAMPAIGN_PAUSED", label: "Campaign paused" },
	{ value: "ADSET_PAUSED", label: "Ad set paused" },
];

/** Which ads, over which days, in which columns and in which currency. */
export function AdsNarrowing({
	search,
	onSearch,
	columns,
	page,
}: Part & { columns: string[]; page: AdPage | undefined }) {
	const accounts = useAdAccounts();
	const brands = useBrandChoices();
	const pages = useLandingPages();
	const metrics = useAdMetrics();
	const rules = useAdRules();
	const currencies = [...new Set(accounts.data?.items.map(({ currency }) => currency))].sort();
	const preset = search.columns ?? "preset:performance";
	const own = !preset.startsWith("preset:");
	// As they were asked for: the answer with them may still be on its way, and a second choice must not undo the first.
	const asked = own ? preset.split(",") : columns;
	const chosen = asked.filter((name) => metrics.data?.some((metric) => metric.name === name));
	return (
		<>
			<Filters>
				<Words
					label="Search ads"
					placeholder="Name or number"
					value={search.q}
					onFind={(q) => onSearch({ q })}
				/>
				<Choice
					label="Verdict"
					data={HEALTHS}
					value={search.health}
					onChoose={(health) => onSearch({ health })}
				/>
				<Choice
					label="What is said"
					short="Said"
					data={rules.data?.map(({ code, title }) => ({ value: code, label: title })) ?? []}
					value={search.rule}
					onChoose={(rule) => onSearch({ rule })}
				/>
				<Choice
					label="Status"
					data={STATUSES}
					value={search.status}
					onChoose={(status) => onSearch({ status })}
				/>
				{((accounts.data?.items.length ?? 0) > 1 || search.account) && (
					<Choice
						label="Account"
						data={accounts.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
						value={search.account}
						unknown="An account that is not listed"
						onChoose={(account) => onSearch({ account })}
					/>
				)}
				{(currencies.length > 1 || search.currency) && (
					<Choice
						label="Currency"
						data={currencies.map((currency) => ({ value: currency, label: currency }))}
						value={search.currency}
						onChoose={(currency) => onSearch({ currency })}
					/>
				)}
				{((pages.data?.length ?? 0) > 1 || search.page) && (
					<Choice
						label="Landing page"
						short="Page"
						wide
						data={pagesToChoose(pages.data ?? [], search.page)}
						value={search.page}
						onChoose={(page) => onSearch({ page })}
					/>
				)}
				{((brands.data?.items.length ?? 0) > 1 || search.brand) && (
					<Choice
						label="Brand"
						data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
						value={search.brand}
						unknown="A brand that is not listed"
						onChoose={(brand) => onSearch({ brand })}
					/>
				)}
			</Filters>
			<div className={classes.second}>
				<SegmentedControl
					size="xs"
					aria-label="Days"
					data={["7", "14", "28", "90"].map((days) => ({ value: days, label: `${days} d` }))}
					value={search.window ?? "28"}
					onChange={(days) => onSearch({ window: days === "28" ? undefined : days })}
				/>
				<Select
					size="xs"
					w={150}
					aria-label="Columns"
					data={[...PRESETS, { value: "own", label: "Own choice" }]}
					value={own ? "own" : preset}
					allowDeselect={false}
					onChange={(value) =>
						onSearch({ columns: value === "own" ? columns.join(",") : (value ?? undefined), sort: undefined })
					}
				/>
				{((pages.data?.length ?? 0) > 0 || search.by) && (
					<SegmentedControl
						size="xs"
						aria-label="A row for each"
						data={[
							{ value: "ad", label: "Ads" },
							{ value: "page", label: "Pages" },
						]}
						value={search.by === "page" ? "page" : "ad"}
						onChange={(by) =>
							onSearch({ by: by === "page" ? by : undefined, sort: undefined, ad: undefined })
						}
					/>
				)}
				{(currencies.length > 1 || search.in) && (
					<ShowIn currencies={currencies} value={search.in} onChoose={(chosen) => onSearch({ in: chosen })} />
				)}
				{page && (page.currencies.length > 1 || page.shown_in) && (
					<Text size="sm" c="dimmed" flex="1 1 300px">
						{currencyWords(page)}
						{page.shown_in?.currencies.some(({ days_without_rate }) => days_without_rate > 0) && (
							<>
								{" "}
								<Button
									size="compact-xs"
									variant="subtle"
									onClick={() => onSearch({ panel: "rates", ad: undefined })}
								>
									Exchange rates
								</Button>
							</>
						)}
					</Text>
				)}
			</div>
			{own && (
				<MultiSelect
					size="xs"
					aria-label="Columns of your choice"
					searchable
					data={metrics.data?.map(({ name, title }) => ({ value: name, label: title })) ?? []}
					value={chosen}
					onChange={(names) => names.length > 0 && onSearch({ columns: names.join(",") })}
				/>
			)}
		</>
	);
}

/** Pages as people read them, with how many ads lead there; the chosen one is among them whatever is. */
function pagesToChoose(pages: LandingPageOut[], chosen: string | undefined) {
	const all =
		chosen && !pages.some(({ page }) => page === chosen) ? [...pages, { page: chosen, ads: 0 }] : pages;
	return all.map(({ page, ads }) => ({
		value: page,
		label: ads > 0 ? `${page.replace(/^https?:\/\//, "")} (${ads})` : page.replace(/^https?:\/\//, ""),
	}));
}

type ShowInProps = {
	currencies: string[];
	value: string | undefined;
	onChoose: (currency: string | undefined) => void;
};

/** Each account's money in its own currency, or all of it in one. */
function ShowIn({ currencies, value, onChoose }: ShowInProps) {
	const rates = useExchangeRates();
	const all = [...new Set([...currencies, rates.data?.base ?? "EUR", ...(value ? [value] : [])])].sort();
	return (
		<Select
			size="xs"
			w={190}
			aria-label="Show money in"
			data={[
				{ value: "own", label: "Each in its own currency" },
				...all.map((currency) => ({ value: currency, label: `All in ${currency}` })),
			]}
			value={value ?? "own"}
			allowDeselect={false}
			onChange={(chosen) => onChoose(chosen === "own" ? undefined : (chosen ?? undefined))}
		/>
	);
}

type ChoiceProps = {
	label: string;
	data: { value: string; label: string }[];
	value: string | undefined;
	onChoose: (value: string | undefined) => void;
	/** The label where there is little room. */
	short?: string;
	/** What is said of a chosen value that is not among the data, as in an address of long ago; else the value itself. */
	unknown?: string;
	/** For long choices: the list is wider than the field. */
	wide?: true;
};

function Choice({ label, data, value, onChoose, short = label, unknown = value, wide }: ChoiceProps) {
	const isKnown = !value || data.some((one) => one.value === value);
	const all = isKnown ? data : [...data, { value, label: unknown ?? value }];
	return (
		<Select
			aria-label={label}
			placeholder={short}
			clearable
			{...(wide && { comboboxProps: { width: 340, position: "bottom-end" } })}
			searchable={all.length > 10}
			data={all}
			value={value ?? null}
			onChange={(chosen) => onChoose(chosen ?? undefined)}
		/>
	);
}
