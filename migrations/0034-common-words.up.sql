-- Whether what is searched for is common was reckoned by multiplying the shares of its words, as if they came together by
-- chance. But "Blue Ridge" is one name: three common words of two million applications took a second by the index, and two
-- that are never together would be looked for in each application. What several words have in common is now counted in
-- some hundreds of texts, always the same ones. As before, for one page: half a page's worth of matches is read by the
-- index in the time in which the others are passed by.
create or replace function search_is_common(searched text) returns boolean language plpgsql stable as $$
declare
  texts real := (select reltuples from pg_class where oid = 'application_text'::regclass);
  -- So many that some four are found of what is just common enough.
  sampled real := greatest(150, 4 * sqrt(texts / 50));
  known text[];
  frequencies real[];
  words text[] := string_to_array(translate(search_query(searched)::text, '''', ''), ' & ');
  share double precision := 1;
  asked text;
begin
  if texts < 1000 then return false; end if;
  select most_common_elems::text::text[], most_common_elem_freqs into known, frequencies
  from pg_stats where schemaname = current_schema() and tablename = 'application_text_words_index';
  -- All words together are in no more texts than the rarest of them is.
  foreach asked in array words loop
    if asked like '%:*' then
      share := least(share, coalesce((select sum(frequencies[place]) from generate_subscripts(known, 1) as place
        where starts_with(known[place], left(asked, -2))), 0));
    else
      share := least(share, coalesce(frequencies[array_position(known, asked)], 0));
    end if;
    if share * share * texts <= 50 then return false; end if;
  end loop;
  if cardinality(words) > 1 then
    select avg(ts_match_vq(w.partner_words || w.message_words || w.staff_words || w.note_words, search_query(searched))::integer)
    into share
    from application_text as w tablesample system (least(100, 100 * sampled / texts)) repeatable (0);
  end if;
  return coalesce(share * share * texts > 50, false);
end $$;
