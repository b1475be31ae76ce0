import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { sentence } from "@/api/problems";
import { complain, say } from "@/shared/undo";
import { useRemoveSearch, useSaveSearch, useSearches } from "./queries";
import { emptySearch, type LogsSearch, parseSearch, savedOf } from "./search";

type Props = { search: LogsSearch; onSearch: (change: LogsSearch) => void };

/** The searches that one keeps under a name. */
export function SearchMenu({ search, onSearch }: Props) {
	const [opened, { toggle, close }] = useDisclosure();
	return (
		<Popover
			opened={opened}
			onChange={(open) => !open && close()}
			position="bottom-end"
			shadow="md"
			trapFocus
		>
			<Popover.Target>
				<Button variant="default" leftSection={<Bookmark size={15} />} onClick={toggle}>
					Saved
				</Button>
			</Popover.Target>
			<Popover.Dropdown p="sm" aria-label="Saved searches">
				<Searches
					search={search}
					onSearch={(change) => {
						close();
						onSearch(change);
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}

function Searches({ search, onSearch }: Props) {
	const searches = useSearches(search.scope);
	const save = useSaveSearch(search.scope);
	const remove = useRemoveSearch(search.scope);
	const [name, setName] = useState("");
	const onError = (error: unknown) => complain(sentence(error));
	return (
		<Stack gap="xs" w={260}>
			{searches.data?.length === 0 && (
				<Text size="sm" c="dimmed">
					Nothing is saved yet. Narrow the list to what you look for often, and give it a name here.
				</Text>
			)}
			{searches.data?.map((saved) => (
				<Group key={saved.id} gap={4} wrap="nowrap" justify="space-between">
					<Button
						size="compact-sm"
						variant="subtle"
						color="gray"
						justify="flex-start"
						style={{ flex: 1, minWidth: 0 }}
						onClick={() => onSearch({ ...emptySearch(), ...parseSearch(saved.query) })}
					>
						{saved.name}
					</Button>
					<ActionIcon
						size="sm"
						variant="subtle"
						color="gray"
						aria-label={`Remove ${saved.name}`}
						onClick={() => remove.mutate({ path: { log_search_id: saved.id } }, { onError })}
					>
						<Trash2 size={14} />
					</ActionIcon>
				</Group>
			))}
			<form
				onSubmit={(event) => {
					event.preventDefault();
					save.mutate(
						{ body: { name, query: savedOf(search) } },
						{
							onSuccess: () => {
								setName("");
								say("The search is saved");
							},
							onError,
						},
					);
				}}
			>
				<Group gap="xs" wrap="nowrap">
					<TextInput
						size="xs"
						style={{ flex: 1 }}
						aria-label="Name"
						placeholder="Name of this search"
						maxLength={100}
						value={name}
						onChange={({ currentTarget }) => setName(currentTarget.value)}
					/>
					<Button size="xs" type="submit" loading={save.isPending} disabled={name.trim() === ""}>
						Save
					</Button>
				</Group>
			</form>
		</Stack>
	);
}
