import { Button, Center } from "@mantine/core";

type Props = {
	list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
};

/** Brings the next page of a list; nothing where there is none. */
export function ShowMore({ list }: Props) {
	if (!list.hasNextPage) return null;
	return (
		<Center>
			<Button
				variant="subtle"
				color="gray"
				loading={list.isFetchingNextPage}
				onClick={() => void list.fetchNextPage()}
			>
				Show more
			</Button>
		</Center>
	);
}
