import { Alert, Autocomplete, Group, NumberInput, Select, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ModelFeatureOut, ModelsOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { fromDollars, priceText } from "@/shared/money";
import { PanelBody, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { say } from "@/shared/undo";
import { OpinionRule } from "./OpinionRule";
import { useChooseEmbedded, useChooseModel } from "./queries";

const EMBEDDED = "embedded";
const SECOND_OPINION = "mentions.second_opinion";

type Props = { feature: ModelFeatureOut; models: ModelsOut; onClose: () => void };

/** One use: what a model adds, what is done without, what leaves the machine, and who shall do it. */
export function FeaturePanel({ feature, models, onClose }: Props) {
	const may = useCan("admin");
	return (
		<SlideOver title={feature.title} about={feature.about} onClose={onClose}>
			{may ? (
				<Choice feature={feature} models={models} />
			) : (
				<PanelBody>
					<Stack gap="md">
						{asksByItself(feature) && <OpinionRule />}
						<Facts feature={feature} />
					</Stack>
				</PanelBody>
			)}
		</SlideOver>
	);
}

/** Whether a model is chosen for the use that begins by itself when mentions come in. */
const asksByItself = ({ name, choice }: ModelFeatureOut) => name === SECOND_OPINION && choice !== null;

function Facts({ feature: { adds, without, sends } }: { feature: ModelFeatureOut }) {
	const facts = [
		["What a model adds", adds],
		["What is done without", without],
		["What is sent to it", sends],
	];
	return (
		<Stack gap="md">
			{facts.map(([title, text]) => (
				<section key={title}>
					<Title order={3} size="h6">
						{title}
					</Title>
					<Text size="sm">{text}</Text>
				</section>
			))}
		</Stack>
	);
}

const dollars = (micros: number | null | undefined): number | string =>
	micros === null || micros === undefined ? "" : micros / 1_000_000;

function Choice({ feature, models }: Omit<Props, "onClose">) {
	const choose = useChooseModel();
	const embedded = useChooseEmbedded();
	const { done } = usePanel();
	const { choice } = feature;
	const form = useForm({
		initialValues: {
			account_id: choice?.account_id ?? EMBEDDED,
			model: choice?.model ?? "",
			input_price: dollars(choice?.input_price),
			output_price: dollars(choice?.output_price),
		},
		validate: {
			model: (model, { account_id }) =>
				account_id === EMBEDDED || model.trim() ? null : "Which model, by the name its server knows",
			output_price: (price, { input_price }) =>
				(price === "") === (input_price === "") ? null : "Both prices, or neither",
		},
	});
	const { account_id, model, input_price } = form.values;
	const account = models.accounts.find(({ id }) => id === account_id);
	const kind = models.kinds.find((one) => one.kind === account?.kind);
	const failed = choose.error ?? embedded.error;
	const onSuccess = () => {
		say("Saved");
		done();
	};
	const onError = (error: unknown) => form.setErrors(fieldErrors(error));
	return (
		<PanelForm
			onSubmit={form.onSubmit((values) => {
				const path = { feature: feature.name };
				if (values.account_id === EMBEDDED) {
					embedded.mutate({ path }, { onSuccess, onError });
					return;
				}
				choose.mutate(
					{
						path,
						body: {
							account_id: values.account_id,
							model: values.model.trim(),
							input_price: fromDollars(values.input_price) ?? null,
							output_price: fromDollars(values.output_price) ?? null,
						},
					},
					{ onSuccess, onError },
				);
			})}
			dirty={form.isDirty()}
			saving={choose.isPending || embedded.isPending}
		>
			<Stack gap="md">
				{failed && (
					<Alert color="red" role="alert">
						{sentence(failed)}
					</Alert>
				)}
				<Select
					label="Done by"
					allowDeselect={false}
					data={[
						{ value: EMBEDDED, label: "The embedded analysis" },
						...models.accounts.map(({ id, name }) => ({ value: id, label: name })),
					]}
					{...form.getInputProps("account_id")}
				/>
				{models.accounts.length === 0 && (
					<Text size="sm" c="dimmed">
						To choose a model, first add a server that may be asked.
					</Text>
				)}
				{account && (
					<>
						<Autocomplete
							label="Model"
							description="From the list, or any other that its server knows"
							required
							data={kind?.models ?? []}
							limit={12}
							{...form.getInputProps("model")}
						/>
						<Text size="xs" c="dimmed">
							{model === choice?.model && account_id === choice.account_id && input_price === ""
								? priceText(choice.price)
								: `Prices are those of ${models.prices_source}, read ${models.prices_read_on}, unless you enter your own.`}
						</Text>
						<Group grow align="flex-start">
							<NumberInput
								label="Own price, read"
								description="Dollars a million tokens"
								min={0}
								decimalScale={6}
								prefix="$"
								{...form.getInputProps("input_price")}
							/>
							<NumberInput
								label="Own price, written"
								description="Dollars a million tokens"
								min={0}
								decimalScale={6}
								prefix="$"
								{...form.getInputProps("output_price")}
							/>
						</Group>
					</>
				)}
				{account && asksByItself(feature) && <OpinionRule />}
				<Facts feature={feature} />
			</Stack>
		</PanelForm>
	);
}
