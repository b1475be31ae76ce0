import { Select } from "@mantine/core";
import { useExchangeRates } from "./rateQueries";

type Props = {
	/** The account's own currency. */
	own: string;
	value: string | undefined;
	onChoose: (currency: string | undefined) => void;
};

/** Another currency to show beside an account's own; nothing while there are no rates. */
export function BesideIn({ own, value, onChoose }: Props) {
	const rates = useExchangeRates();
	if (!rates.data?.base) return null;
	const known = [rates.data.base, ...rates.data.currencies.map(({ currency }) => currency)];
	const others = [...new Set(known)].filter((currency) => currency !== own).sort();
	return (
		<Select
			size="xs"
			w={170}
			aria-label="Beside it in"
			data={[
				{ value: "own", label: `In ${own} alone` },
				...others.map((currency) => ({ value: currency, label: `In ${own} and ${currency}` })),
			]}
			value={value ?? "own"}
			allowDeselect={false}
			onChange={(chosen) => onChoose(chosen === "own" ? undefined : (chosen ?? undefined))}
		/>
	);
}
