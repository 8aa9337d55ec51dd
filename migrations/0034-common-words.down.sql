create or replace function search_is_common(searched text) returns boolean language plpgsql stable as $$
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
