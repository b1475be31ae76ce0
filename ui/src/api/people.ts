import { useQuery } from "@tanstack/react-query";
import { listMembersOptions } from "./generated/@tanstack/react-query.gen";
import { useSession } from "./session";

/** The names of people by their id. */
export function usePeople(needed: boolean): Map<string, string> {
	const members = useQuery({ ...listMembersOptions(), enabled: needed, staleTime: 60_000 });
	return new Map(members.data?.map(({ user_id, name }) => [user_id, name]));
}

/** Says who did something: “you”, a name, a program by its key, or somebody who is no member any more. */
export function useWho(needed: boolean): (user: string | null) => string {
	const own = useSession().user.id;
	const names = usePeople(needed);
	return (user) => {
		if (user === null) return "a program";
		return user === own ? "you" : (names.get(user) ?? "somebody who has left");
	};
}
