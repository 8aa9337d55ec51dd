-- Finding applications: their words, orders to list them in, views that are kept, and what somebody looked at last.

-- A text in lower case, without accents, with a space in place of everything that parts words. Written out, because what
-- a letter is differs between databases; and by translate, which is many times as quick as regular expressions.
create function search_letters(written text) returns text language plpgsql immutable parallel safe as $$
declare
  parting constant text := E'\t\n\x0b\f\r!"#$%&\'()+,-./:;<=>?@[\\]^_`{|}~';
  parting_beyond constant text := U&'\00A0\00A1\00A7\00AB\00AC\00AD\00B6\00B7\00BB\00BF\2009\2010\2011\2012\2013\2014\2015\2018\2019\201A\201C\201D\201E\2020\2022\2026\2028\2029\202F\2030\2039\203A\2044\3000\3001\3002\300A\300B\300C\300D\3010\3011';
begin
  if octet_length(written) = length(written) then
    return lower(translate(written, parting, repeat(' ', length(parting))));
  end if;
  return lower(translate(regexp_replace(normalize(written, NFKD), '[\u0300-\u036f]+', '', 'g'), parting || parting_beyond,
    repeat(' ', length(parting || parting_beyond))));
end $$;

-- The words of a text, by which it is found.
create function search_words(written text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(left(word, 60)), '{}')
  from unnest(string_to_array(search_letters(translate(left(written, 200000), '*', ' ')), ' ')) as word where word <> ''
$$;

-- What finds texts with all words of a search. A star after a word finds whatever begins with it.
create function search_query(searched text) returns tsquery language sql immutable parallel safe as $$
  select coalesce(string_agg(distinct '''' || left(translate(word, '*', ''), 60) || '''' || case when word like '%*' then ':*' else '' end, ' & '), '')::tsquery
  from unnest(string_to_array(search_letters(searched), ' ')) as word where translate(word, '*', '') <> ''
$$;

-- The texts of a JSON value, however deep.
create function search_texts(value jsonb) returns text language sql immutable parallel safe as $$
  select string_agg(part #>> '{}', ' ') from jsonb_path_query(value, 'strict $.** ? (@.type() == "string")') as part
$$;

-- The words by which applications are found. They are apart from the application, so that what only moves it on writes
-- nothing here. What partners see is in partner_words, made anew when it changes; what only staff see is added to
-- staff_words as it is written, and is never searched for anybody else.
create table application_text (
  application_id uuid primary key references application (id),
  partner_words tsvector not null,
  staff_words tsvector not null
);

create function application_partner_words(id uuid) returns tsvector language sql stable as $$
  select array_to_tsvector(search_words(concat_ws(' ', a.reference, o.legal_name, a.closed_reason, search_texts(a.answers),
    (select string_agg(concat_ws(' ', r.question, r.response), ' ') from information_request as r where r.application_id = a.id),
    (select string_agg(concat_ws(' ', search_texts(d.reasons), search_texts(d.conditions)), ' ') from decision as d
      where d.application_id = a.id and d.status = 'COUNTERSIGNED'))))
  from application as a join organization as o on o.id = a.organization_id where a.id = $1
$$;

insert into application_text (application_id, partner_words, staff_words)
select a.id, application_partner_words(a.id), array_to_tsvector(search_words(concat_ws(' ', u.name, n.notes)))
from application as a join auth_user as u on u.id = a.created_by
left join (
  select application_id, string_agg(note, ' ') as notes from (
    select application_id, concat_ws(' ', comment, search_texts(conditions)) as note from recommendation
    union all select application_id, note from check_result
    union all select application_id, reason from recusal
    union all select application_id, concat_ws(' ', internal_note, declined_reason, search_texts(reasons), search_texts(conditions)) from decision
  ) as written group by application_id) as n on n.application_id = a.id;

create index application_text_words_index on application_text using gin ((partner_words || staff_words));
analyze application_text;

-- Is what is searched for so common that one comes upon it sooner by going through the applications one by one? By the
-- words' shares of all texts, as the database has gathered them, looking for one page: half a page's worth of matches is
-- read by the index in the time in which the others are passed by.
create function search_is_common(searched text) returns boolean language plpgsql stable as $$
declare
  texts real := (select reltuples from pg_class where oid = 'application_text'::regclass);
  known text[];
  frequencies real[];
  share double precision := 1;
  asked text;
begin
  if texts < 1000 then return false; end if;
  select most_common_elems::text::text[], most_common_elem_freqs into known, frequencies
  from pg_stats where schemaname = current_schema() and tablename = 'application_text_words_index';
  foreach asked in array string_to_array(translate(search_query(searched)::text, '''', ''), ' & ') loop
    if asked like '%:*' then
      share := share * coalesce((select sum(frequencies[place]) from generate_subscripts(known, 1) as place
        where starts_with(known[place], left(asked, -2))), 0);
    else
      share := share * coalesce(frequencies[array_position(known, asked)], 0);
    end if;
    exit when share = 0;
  end loop;
  return share * share * texts > 50;
end $$;

create function application_text_begins() returns trigger language plpgsql as $$
begin
  insert into application_text (application_id, partner_words, staff_words)
  values (new.id, application_partner_words(new.id),
    array_to_tsvector(search_words((select u.name from auth_user as u where u.id = new.created_by))));
  return null;
end $$;
create trigger application_text_begins after insert on application for each row execute function application_text_begins();

create function application_text_changes() returns trigger language plpgsql as $$
begin
  update application_text as t set partner_words = application_partner_words(new.id) where t.application_id = new.id;
  return null;
end $$;
create trigger application_text_changes after update of answers, closed_reason on application for each row
when (old.answers is distinct from new.answers or old.closed_reason is distinct from new.closed_reason)
execute function application_text_changes();

create function application_text_of_request() returns trigger language plpgsql as $$
begin
  update application_text as t set partner_words = application_partner_words(new.application_id) where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_request after insert or update of question, response on information_request for each row
execute function application_text_of_request();

create function organization_text_changes() returns trigger language plpgsql as $$
begin
  update application_text as t set partner_words = application_partner_words(a.id)
  from application as a where a.organization_id = new.id and t.application_id = a.id;
  return null;
end $$;
create trigger organization_text_changes after update of legal_name on organization for each row
when (old.legal_name is distinct from new.legal_name) execute function organization_text_changes();

-- Notes of staff; each trigger says which columns hold them.
create function application_text_of_staff() returns trigger language plpgsql as $$
declare
  written text;
begin
  select string_agg(case jsonb_typeof(value) when 'string' then value #>> '{}' else search_texts(value) end, ' ') into written
  from jsonb_each(to_jsonb(new)) as columns where key = any(tg_argv);
  update application_text as t set staff_words = t.staff_words || array_to_tsvector(search_words(written))
  where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_recommendation after insert on recommendation for each row
execute function application_text_of_staff('comment', 'conditions');
create trigger application_text_of_check after insert on check_result for each row execute function application_text_of_staff('note');
create trigger application_text_of_recusal after insert on recusal for each row execute function application_text_of_staff('reason');
create trigger application_text_of_proposal after insert or update of declined_reason on decision for each row
execute function application_text_of_staff('internal_note', 'declined_reason', 'reasons', 'conditions');
-- What a decision says is for partners once it is final.
create trigger application_text_of_decision after insert or update of status on decision for each row
when (new.status = 'COUNTERSIGNED') execute function application_text_of_request();

-- The orders in which staff list applications, page by page.
create index application_submitted_index on application (submitted_at, id) where submitted_at is not null;
create index application_updated_index on application (updated_at, id);
create index application_due_index on application (due_at, id) where due_at is not null;
create index organization_country_index on organization (country, sector);
create index organization_sector_index on organization (sector);
-- What waits in queues is counted from this index alone, without the applications.
drop index application_queue_due_index;
create index application_queue_due_index on application (queue, due_at, id) include (organization_id, assignee_id) where queue is not null;

-- A question about applications that somebody of staff keeps under a name.
create table saved_view (
  id uuid primary key,
  owner_id uuid not null references auth_user (id),
  name text not null,
  filter jsonb not null,
  search text,
  sort text not null,
  is_shared boolean not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index saved_view_name_unique on saved_view (owner_id, name);
create index saved_view_shared_index on saved_view (id) where is_shared;

-- What members of staff opened last. Nobody's decision, and not on record.
create table application_view (
  user_id uuid not null references auth_user (id),
  application_id uuid not null references application (id),
  viewed_at timestamptz(3) not null,
  primary key (user_id, application_id)
);
create index application_view_latest_index on application_view (user_id, viewed_at);
