import { NumberInput, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ProviderOut } from "@/api/generated/types.gen";
import type { RuleValues } from "./words";

type Props = { form: UseFormReturnType<RuleValues>; provider: ProviderOut };

/** What operators set for a provider. An empty field leaves it as it is known beforehand, or as the provider says itself. */
export function RuleFields({ form, provider: { title, budget } }: Props) {
	return (
		<section aria-labelledby="rules">
			<Title order={3} size="h6" id="rules">
				What {title} may be asked
			</Title>
			<Text size="sm" c="dimmed" mb="sm">
				Holds in every process at once, for all keys and models of {title}. Empty: as known beforehand, or as
				it says itself.
			</Text>
			<Stack gap="md">
				<SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
					<Whole
						form={form}
						name="requests_a_minute"
						label="Requests a minute"
						about="Of each key and model"
					/>
					<Whole form={form} name="requests_a_day" label="Requests a day" about="Of each key and model" />
					<Whole
						form={form}
						name="calls_at_once"
						label="Calls at the same time"
						about="Of each key and model"
					/>
				</SimpleGrid>
				<SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
					<NumberInput
						label="Calls made again"
						description="Share of all calls; empty: 10 %"
						suffix=" %"
						min={0}
						max={100}
						decimalScale={1}
						placeholder={`${budget.share * 100} %`}
						{...form.getInputProps("retry_percent")}
					/>
					<Whole
						form={form}
						name="retries_at_least"
						label="In any case"
						about="Calls made again in ten minutes; empty: 5"
						least={0}
					/>
				</SimpleGrid>
			</Stack>
		</section>
	);
}

type WholeProps = {
	form: UseFormReturnType<RuleValues>;
	name: Exclude<keyof RuleValues, "retry_percent">;
	label: string;
	about: string;
	least?: number;
};

function Whole({ form, name, label, about, least = 1 }: WholeProps) {
	return (
		<NumberInput
			label={label}
			description={about}
			placeholder="Not set"
			min={least}
			allowDecimal={false}
			thousandSeparator=" "
			{...form.getInputProps(name)}
		/>
	);
}
