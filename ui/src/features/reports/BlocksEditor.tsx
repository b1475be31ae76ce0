import { ActionIcon, Button, Menu, Text, VisuallyHidden } from "@mantine/core";
import { ChevronDown, ChevronUp, GripVertical, Plus, X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { BlockFields } from "./BlockFields";
import { type Block, inShort, labelOf, moved, type Placed, placed, SORTS } from "./blocks";
import classes from "./Templates.module.css";

type Props = {
	rows: Placed[];
	onChange: (rows: Placed[]) => void;
	/** The block with which something is wrong. */
	faulty: number | undefined;
	disabled: boolean;
};

/** The blocks of a template: added, opened, moved and removed, with a pointer or by keyboard (Alt and an arrow, Delete). */
export function BlocksEditor({ rows, onChange, faulty, disabled }: Props) {
	const [open, setOpen] = useState<string>();
	const [said, setSaid] = useState("");
	const [dragged, setDragged] = useState<string>();
	const list = useRef<HTMLOListElement>(null);
	const focus = (key: string) =>
		requestAnimationFrame(() =>
			list.current?.querySelector<HTMLElement>(`[data-block="${CSS.escape(key)}"]`)?.focus(),
		);
	const move = (from: number, to: number) => {
		const next = moved(rows, from, to);
		const row = rows[from];
		if (!row || next.every(({ key }, at) => key === rows[at]?.key)) return;
		onChange(next);
		setSaid(`${labelOf(row.block)}: now ${next.indexOf(row) + 1} of ${next.length}`);
	};
	const remove = (at: number) => {
		const row = rows[at];
		if (at === 0 || !row) return;
		const next = rows.filter(({ key }) => key !== row.key);
		onChange(next);
		setSaid(`${labelOf(row.block)} removed`);
		const beside = next[Math.min(at, next.length - 1)];
		if (beside) focus(beside.key);
	};
	const add = (block: Block) => {
		const [row] = placed([block]);
		if (!row) return;
		onChange([...rows, row]);
		setOpen(row.key);
		setSaid(`${labelOf(block)} added at the end`);
		focus(row.key);
	};
	const keys = (at: number, key: string) => (event: KeyboardEvent) => {
		if (event.key === "Escape" && open === key) {
			event.preventDefault();
			setOpen(undefined);
		}
		if (disabled) return;
		const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
		if (event.altKey && step) {
			event.preventDefault();
			move(at, at + step);
			focus(key);
		} else if (event.key === "Delete") {
			event.preventDefault();
			remove(at);
		}
	};
	return (
		<div>
			<div className={classes.blocksHead}>
				<Text size="sm" fw={500} component="h3">
					Blocks
				</Text>
				<Text size="xs" c="dimmed" visibleFrom="sm">
					Alt with ↑ or ↓ moves one, Delete removes it
				</Text>
			</div>
			<ol className={classes.blocks} ref={list}>
				{rows.map(({ key, block }, at) => {
					const name = `${labelOf(block)}, ${at + 1} of ${rows.length}`;
					return (
						<li
							key={key}
							className={classes.block}
							data-faulty={faulty === at || undefined}
							data-dragged={dragged === key || undefined}
							onDragOver={(event) => {
								if (!dragged) return;
								event.preventDefault();
								const from = rows.findIndex((row) => row.key === dragged);
								if (from !== at && at > 0) move(from, at);
							}}
						>
							<div className={classes.blockHead}>
								{at > 0 && !disabled ? (
									<span
										className={classes.grip}
										draggable
										aria-hidden
										onDragStart={(event) => {
											event.dataTransfer.effectAllowed = "move";
											event.dataTransfer.setData("text/plain", key);
											setDragged(key);
										}}
										onDragEnd={() => setDragged(undefined)}
									>
										<GripVertical size={15} />
									</span>
								) : (
									<span className={classes.grip} aria-hidden />
								)}
								<button
									type="button"
									className={classes.blockName}
									data-block={key}
									aria-expanded={open === key}
									onClick={() => setOpen(open === key ? undefined : key)}
									onKeyDown={keys(at, key)}
								>
									<b>{labelOf(block)}</b>
									<span>{inShort(block)}</span>
									<VisuallyHidden>
										, {at + 1} of {rows.length}
									</VisuallyHidden>
								</button>
								{at > 0 && !disabled && (
									<div className={classes.tools}>
										<ActionIcon
											variant="subtle"
											color="gray"
											aria-label={`Move up: ${name}`}
											disabled={at === 1}
											onClick={() => move(at, at - 1)}
										>
											<ChevronUp size={16} />
										</ActionIcon>
										<ActionIcon
											variant="subtle"
											color="gray"
											aria-label={`Move down: ${name}`}
											disabled={at === rows.length - 1}
											onClick={() => move(at, at + 1)}
										>
											<ChevronDown size={16} />
										</ActionIcon>
										<ActionIcon
											variant="subtle"
											color="gray"
											aria-label={`Remove: ${name}`}
											onClick={() => remove(at)}
										>
											<X size={16} />
										</ActionIcon>
									</div>
								)}
							</div>
							{open === key && (
								<div className={classes.fields}>
									<BlockFields
										block={block}
										disabled={disabled}
										onChange={(changed) =>
											onChange(rows.map((row) => (row.key === key ? { key, block: changed } : row)))
										}
									/>
								</div>
							)}
						</li>
					);
				})}
			</ol>
			{!disabled && (
				<Menu position="bottom-start" shadow="md" zIndex={300}>
					<Menu.Target>
						<Button variant="default" mt="sm" leftSection={<Plus size={15} />} disabled={rows.length >= 60}>
							Add a block
						</Button>
					</Menu.Target>
					<Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
						{SORTS.map(({ kind, label, about, make }) => (
							<Menu.Item
								key={kind}
								disabled={kind === "summary" && rows.some(({ block }) => block.kind === "summary")}
								onClick={() => add(make())}
							>
								<Text size="sm">{label}</Text>
								<Text size="xs" c="dimmed">
									{about}
								</Text>
							</Menu.Item>
						))}
					</Menu.Dropdown>
				</Menu>
			)}
			<VisuallyHidden role="status">{said}</VisuallyHidden>
		</div>
	);
}
