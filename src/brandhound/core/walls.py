"""The question that finds every hole in the wall between organizations. The doctor and a test ask it."""

# ruff: noqa: E501
# Each row is (what, what is wrong with it). Read with the name of the app role as `app`; no rows: no holes.
HOLES = r"""
with tenant as (
  select c.oid, c.oid::regclass::text as name, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, a.attnotnull, a.attnum, c.relowner
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
  where c.relkind in ('r', 'p') and n.nspname = 'public'
), policy as (
  select p.*, pg_get_expr(polqual, polrelid) as shown, pg_get_expr(polwithcheck, polrelid) as taken from pg_policy p
  where 0 = any(polroles) or exists (select 1 from unnest(polroles) r where r <> 0 and pg_has_role(%(app)s, r, 'member'))
)
select name, 'row-level security is not enabled' from tenant where not relrowsecurity
union all select name, 'row-level security is not forced' from tenant where not relforcerowsecurity
union all select name, 'organization_id may be null' from tenant where not attnotnull
union all select name, 'no policy for the app role' from tenant t where not exists (
  select 1 from policy p where p.polrelid = t.oid and p.polcmd = '*' and p.polpermissive
    and p.shown ~ 'organization_id = .*app\.organization_id' and p.taken ~ 'organization_id = .*app\.organization_id')
union all select t.name, 'a policy widens access: ' || p.polname from tenant t join policy p on p.polrelid = t.oid
  where p.polpermissive and coalesce(p.shown, '') !~ 'app\.organization_id' and coalesce(p.taken, '') !~ 'app\.organization_id'
union all select name, 'the app role owns it' from tenant where pg_has_role(%(app)s, relowner, 'member')
union all select name, 'the app role may do more than read and write rows' from tenant
  where has_table_privilege(%(app)s, oid, 'truncate') or has_table_privilege(%(app)s, oid, 'references') or has_table_privilege(%(app)s, oid, 'trigger')
union all select name, 'a partition can be reached past its table' from tenant
  where relispartition and has_table_privilege(%(app)s, oid, 'select') and not (relrowsecurity and relforcerowsecurity)
union all select c.oid::regclass::text, 'a partition can be reached past its table'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relispartition and n.nspname <> 'public' and has_schema_privilege(%(app)s, n.oid, 'usage')
    and has_table_privilege(%(app)s, c.oid, 'select')
union all select t.name, 'unique index without organization_id: ' || i.indexrelid::regclass::text
  from tenant t join pg_index i on i.indrelid = t.oid and i.indisunique
  where not (t.attnum = any(i.indkey::int2[])) and not (
    select bool_and(a.atttypid = 'uuid'::regtype) from pg_attribute a where a.attrelid = t.oid and a.attnum = any(i.indkey::int2[]))
union all select t.name, 'foreign key without organization_id: ' || k.conname
  from tenant t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' join tenant r on r.oid = k.confrelid
  where not (t.attnum = any(k.conkey))
union all select c.oid::regclass::text, 'a view that does not ask as its reader'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'v' and n.nspname = 'public' and has_table_privilege(%(app)s, c.oid, 'select')
    and not coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false)
union all select c.oid::regclass::text, 'a materialized view, which has no row-level security'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'm' and n.nspname = 'public' and has_table_privilege(%(app)s, c.oid, 'select')
union all select f.oid::regprocedure::text, 'a function that asks as its owner can be called by the app role'
  from pg_proc f join pg_namespace n on n.oid = f.pronamespace
  where f.prosecdef and n.nspname = 'public' and has_function_privilege(%(app)s, f.oid, 'execute')
union all select rolname, 'the app role is, or can become, one that no policy binds' from pg_roles
  where (rolsuper or rolbypassrls) and pg_has_role(%(app)s, oid, 'member')
order by 1, 2
"""
