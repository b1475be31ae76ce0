import {
	Button,
	Checkbox,
	Group,
	Menu,
	NumberInput,
	Select,
	Stack,
	Switch,
	Text,
	Textarea,
	TextInput,
} from "@mantine/core";
import { Braces } from "lucide-react";
import type { Block } from "./blocks";
import { useLanguage } from "./templates";

type Props = { block: Block; disabled: boolean; onChange: (block: Block) => void };

const FIGURES = [
	{ value: "mentions", label: "Mentions" },
	{ value: "stories", label: "Stories" },
	{ value: "outlets", label: "Outlets" },
	{ value: "share", label: "Share of voice" },
	{ value: "tone", label: "Tone balance" },
] as const;
const TONES = ["positive", "neutral", "mixed", "negative", "unclear"] as const;
const CHARTS = [
	{ value: "volume", label: "Mentions over time" },
	{ value: "share", label: "Share of voice" },
	{ value: "tone", label: "Tone toward each brand" },
	{ value: "outlets", label: "Outlets" },
] as const;
const WHICH_TOPICS = [
	{ value: "all", label: "Topics and key messages" },
	{ value: "topic", label: "Topics" },
	{ value: "message", label: "Key messages" },
];
const WHOSE = [
	{ value: "subject", label: "The brands it is about" },
	{ value: "competitors", label: "Their competitors" },
	{ value: "all", label: "All brands of the report" },
] as const;

/** What can be chosen about a block. */
export function BlockFields({ block, disabled, onChange }: Props) {
	switch (block.kind) {
		case "title":
			return (
				<Words
					label="Title"
					placeholder="Written for you"
					value={block.text ?? ""}
					disabled={disabled}
					onChange={(text) => onChange({ ...block, text })}
				/>
			);
		case "text":
			return (
				<Stack gap="sm">
					<Words
						label="Heading"
						value={block.heading ?? ""}
						disabled={disabled}
						onChange={(heading) => onChange({ ...block, heading })}
					/>
					<Words
						label="Text"
						long
						value={block.text ?? ""}
						disabled={disabled}
						onChange={(text) => onChange({ ...block, text })}
					/>
				</Stack>
			);
		case "figures":
			return (
				<Checkbox.Group
					label="Which"
					value={[...(block.which ?? [])]}
					onChange={(which) => which.length > 0 && onChange({ ...block, which: which as typeof block.which })}
				>
					<Group gap="md" mt={6}>
						{FIGURES.map(({ value, label }) => (
							<Checkbox key={value} value={value} label={label} disabled={disabled} />
						))}
					</Group>
				</Checkbox.Group>
			);
		case "chart":
			return (
				<Stack gap="sm">
					<Select
						label="Chart"
						allowDeselect={false}
						data={CHARTS}
						value={block.chart ?? "volume"}
						disabled={disabled}
						comboboxProps={{ zIndex: 300 }}
						onChange={(chart) => onChange({ ...block, chart: (chart ?? "volume") as typeof block.chart })}
					/>
					<Half
						half={block.half ?? false}
						disabled={disabled}
						onChange={(half) => onChange({ ...block, half })}
					/>
				</Stack>
			);
		case "findings":
			return (
				<Half
					half={block.half ?? false}
					disabled={disabled}
					onChange={(half) => onChange({ ...block, half })}
				/>
			);
		case "summary":
			return (
				<Stack gap="xs">
					<Most
						most={block.most ?? 5}
						limit={8}
						what="Sentences at most"
						disabled={disabled}
						onChange={(most) => onChange({ ...block, most })}
					/>
					<Text size="xs" c="dimmed">
						With a model chosen under Settings → Models, it writes them, and what no cited article bears out
						is dropped. Without one, the headlines of the largest stories stand here.
					</Text>
				</Stack>
			);
		case "story_list":
			return (
				<Stack gap="sm">
					<Words
						label="Heading"
						placeholder="Top stories"
						value={block.heading ?? ""}
						disabled={disabled}
						onChange={(heading) => onChange({ ...block, heading })}
					/>
					<Most
						most={block.most ?? 10}
						limit={30}
						what="Stories at most"
						disabled={disabled}
						onChange={(most) => onChange({ ...block, most })}
					/>
					<Tones
						tones={block.tones ?? []}
						disabled={disabled}
						onChange={(tones) => onChange({ ...block, tones })}
					/>
					<Switch
						label="Quote the words that show the tone"
						checked={block.quotes ?? true}
						disabled={disabled}
						onChange={(event) => onChange({ ...block, quotes: event.currentTarget.checked })}
					/>
				</Stack>
			);
		case "mention_list":
			return (
				<Stack gap="sm">
					<Words
						label="Heading"
						placeholder="Mentions"
						value={block.heading ?? ""}
						disabled={disabled}
						onChange={(heading) => onChange({ ...block, heading })}
					/>
					<Select
						label="Of which brands"
						allowDeselect={false}
						data={WHOSE}
						value={block.whose ?? "subject"}
						disabled={disabled}
						comboboxProps={{ zIndex: 300 }}
						onChange={(whose) => onChange({ ...block, whose: (whose ?? "subject") as typeof block.whose })}
					/>
					<Most
						most={block.most ?? 100}
						limit={500}
						what="Mentions at most"
						disabled={disabled}
						onChange={(most) => onChange({ ...block, most })}
					/>
					<Tones
						tones={block.tones ?? []}
						disabled={disabled}
						onChange={(tones) => onChange({ ...block, tones })}
					/>
					<Switch
						label="Copies of an earlier text too"
						checked={block.copies ?? true}
						disabled={disabled}
						onChange={(event) => onChange({ ...block, copies: event.currentTarget.checked })}
					/>
				</Stack>
			);
		case "topics":
			return (
				<Stack gap="sm">
					<Words
						label="Heading"
						placeholder="What it was about"
						value={block.heading ?? ""}
						disabled={disabled}
						onChange={(heading) => onChange({ ...block, heading })}
					/>
					<Select
						label="Which"
						allowDeselect={false}
						data={WHICH_TOPICS}
						value={block.which ?? "all"}
						disabled={disabled}
						comboboxProps={{ zIndex: 300 }}
						onChange={(which) => onChange({ ...block, which: (which ?? "all") as typeof block.which })}
					/>
					<Most
						most={block.most ?? 10}
						limit={30}
						what="Rows at most"
						disabled={disabled}
						onChange={(most) => onChange({ ...block, most })}
					/>
				</Stack>
			);
		case "outlets":
			return (
				<Most
					most={block.most ?? 15}
					limit={15}
					what="Outlets at most"
					disabled={disabled}
					onChange={(most) => onChange({ ...block, most })}
				/>
			);
		default:
			return (
				<Text size="sm" c="dimmed">
					Nothing to choose.
				</Text>
			);
	}
}

type WordsProps = {
	label: string;
	placeholder?: string;
	long?: boolean;
	value: string;
	disabled: boolean;
	onChange: (words: string) => void;
};

/** Words that may hold variables; a menu puts one in. */
function Words({ label, placeholder, long, value, disabled, onChange }: WordsProps) {
	const language = useLanguage();
	const field = {
		label,
		placeholder,
		value,
		disabled,
		maxLength: long ? 5000 : 200,
		onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
	};
	return (
		<div>
			{long ? <Textarea autosize minRows={4} maxRows={14} {...field} /> : <TextInput {...field} />}
			{!disabled && (
				<Menu position="bottom-start" shadow="md" zIndex={300}>
					<Menu.Target>
						<Button mt={4} size="compact-xs" variant="subtle" color="gray" leftSection={<Braces size={13} />}>
							Put a variable into {label.toLowerCase()}
						</Button>
					</Menu.Target>
					<Menu.Dropdown mah={320} maw={340} style={{ overflowY: "auto" }}>
						{language.data?.variables.map(({ name, about }) => (
							<Menu.Item
								key={name}
								onClick={() => onChange(`${value}${value && !/\s$/.test(value) ? " " : ""}{{ ${name} }}`)}
							>
								<Text size="sm" ff="monospace">
									{name}
								</Text>
								<Text size="xs" c="dimmed">
									{about}
								</Text>
							</Menu.Item>
						))}
					</Menu.Dropdown>
				</Menu>
			)}
		</div>
	);
}

function Half({
	half,
	disabled,
	onChange,
}: {
	half: boolean;
	disabled: boolean;
	onChange: (half: boolean) => void;
}) {
	return (
		<Switch
			label="Half as wide"
			description="Two of such that follow each other stand side by side"
			checked={half}
			disabled={disabled}
			onChange={(event) => onChange(event.currentTarget.checked)}
		/>
	);
}

type MostProps = {
	most: number;
	limit: number;
	what: string;
	disabled: boolean;
	onChange: (most: number) => void;
};

function Most({ most, limit, what, disabled, onChange }: MostProps) {
	return (
		<NumberInput
			label={what}
			w={180}
			min={1}
			max={limit}
			clampBehavior="blur"
			allowDecimal={false}
			value={most}
			disabled={disabled}
			onChange={(value) => {
				if (typeof value === "number" && value >= 1 && value <= limit) onChange(value);
			}}
		/>
	);
}

type Tone = (typeof TONES)[number];

function Tones({
	tones,
	disabled,
	onChange,
}: {
	tones: readonly Tone[];
	disabled: boolean;
	onChange: (tones: Tone[]) => void;
}) {
	return (
		<Checkbox.Group
			label="Only with this tone"
			description="None chosen: with any"
			value={[...tones]}
			onChange={(chosen) => onChange(chosen as Tone[])}
		>
			<Group gap="md" mt={6}>
				{TONES.map((tone) => (
					<Checkbox key={tone} value={tone} label={tone} disabled={disabled} />
				))}
			</Group>
		</Checkbox.Group>
	);
}
