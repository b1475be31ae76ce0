import {
	JsonInput,
	MultiSelect,
	NumberInput,
	Select,
	Stack,
	Switch,
	TagsInput,
	TextInput,
} from "@mantine/core";
import { useAdAccounts } from "../ads/accountQueries";
import { useTemplates } from "../reports/templates";
import { type Field, fieldsOf, type Schema } from "./parameters";
import { useBrands } from "./queries";

export type Values = Record<string, unknown>;

type Props = {
	schema: Schema;
	values: Values;
	errors: Record<string, React.ReactNode>;
	onChange: (values: Values) => void;
};

/** A form made from the one parameter model of a job. */
export function ParameterFields({ schema, values, errors, onChange }: Props) {
	return (
		<Stack gap="md">
			{fieldsOf(schema).map((field) => (
				<One
					key={field.name}
					field={field}
					value={values[field.name] ?? field.initial}
					error={errors[`parameters.${field.name}`]}
					onChange={(value) => {
						const { [field.name]: _, ...others } = values;
						onChange(value === undefined || value === "" ? others : { ...others, [field.name]: value });
					}}
				/>
			))}
		</Stack>
	);
}

type OneProps = { field: Field; value: unknown; error: React.ReactNode; onChange: (value: unknown) => void };

function One({ field, value, error, onChange }: OneProps) {
	const { label, description, required, kind, choices } = field;
	const common = { label, description, required, error };
	switch (kind) {
		case "text":
			return (
				<TextInput
					{...common}
					value={String(value ?? "")}
					onChange={(e) => onChange(e.currentTarget.value)}
				/>
			);
		case "number":
			return (
				<NumberInput
					{...common}
					min={field.min}
					max={field.max}
					value={(value as number | undefined) ?? ""}
					onChange={onChange}
				/>
			);
		case "switch":
			return (
				<Switch
					label={label}
					description={description}
					error={error}
					checked={Boolean(value)}
					onChange={(e) => onChange(e.currentTarget.checked)}
				/>
			);
		case "choice":
			return (
				<Select
					{...common}
					data={choices}
					value={(value as string | undefined) ?? null}
					onChange={(v) => onChange(v ?? undefined)}
				/>
			);
		case "texts":
			return <TagsInput {...common} value={(value as string[] | undefined) ?? []} onChange={onChange} />;
		case "brands":
			return <Brands {...common} value={(value as string[] | undefined) ?? []} onChange={onChange} />;
		case "brand":
			return <Brand {...common} value={(value as string | undefined) ?? null} onChange={onChange} />;
		case "ad account":
			return <AdAccount {...common} value={(value as string | undefined) ?? null} onChange={onChange} />;
		case "template":
			return <Template {...common} value={(value as string | undefined) ?? null} onChange={onChange} />;
		case "json":
			return (
				<JsonInput
					{...common}
					autosize
					minRows={2}
					validationError="Not valid JSON"
					defaultValue={value === undefined || value === null ? "" : JSON.stringify(value, null, 2)}
					onChange={(text) => {
						try {
							onChange(text.trim() ? JSON.parse(text) : undefined);
						} catch {
							// Half-written JSON is shown as an error by the field and not taken.
						}
					}}
				/>
			);
	}
}

type BrandsProps = {
	label: string;
	description: string | undefined;
	error: React.ReactNode;
	value: string[];
	onChange: (value: unknown) => void;
};

type OneOfProps = Omit<BrandsProps, "value"> & { value: string | null; required?: boolean };

/** One of what there is, by its name; none where it need not be given. */
function OneOf(
	props: OneOfProps & { placeholder?: string; data: { value: string; label: string }[] | undefined },
) {
	return (
		<Select
			{...props}
			searchable
			clearable={!props.required}
			data={props.data ?? []}
			onChange={(id) => props.onChange(id ?? undefined)}
		/>
	);
}

function Brand(props: OneOfProps) {
	const brands = useBrands();
	return <OneOf {...props} data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name }))} />;
}

function AdAccount(props: OneOfProps) {
	const accounts = useAdAccounts();
	const data = accounts.data?.items.map(({ id, name, currency }) => ({
		value: id,
		label: `${name} · ${currency}`,
	}));
	return <OneOf {...props} data={data} />;
}

function Template(props: OneOfProps) {
	const templates = useTemplates();
	const data = templates.data?.map(({ id, name }) => ({ value: id, label: name }));
	return <OneOf {...props} placeholder="The standard report" data={data} />;
}

function Brands(props: BrandsProps) {
	const brands = useBrands();
	return (
		<MultiSelect
			{...props}
			clearable
			data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
		/>
	);
}
