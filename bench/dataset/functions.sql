-- What the data set is made with. Everything follows from numbers and words by md5, so it is the same every time.

create schema bench;

/* A whole number from 0 to most - 1, always the same one for the same words. */
create function bench.draw(words text, most integer) returns integer language sql immutable parallel safe as $$
  select ('x' || substr(md5(words), 1, 7))::bit(28)::integer % most
$$;

create function bench.one_of(words text, choices text[]) returns text language sql immutable parallel safe as $$
  select choices[1 + bench.draw(words, cardinality(choices))]
$$;

/* A UUIDv7: it sorts by its moment, as the portal's own ids do. */
create function bench.id(kind text, number bigint, at timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid
  from md5(kind || ' ' || number) as h
$$;

/* The form that an id has in the API. */
create function bench.type_id(kind text, id uuid) returns text language sql immutable parallel safe as $$
  select kind || '_' || string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits from n * 5 + 1 for 5)::bit(5)::integer + 1, 1), '' order by n)
  from (select b'00' || ('x' || replace(id::text, '-', ''))::bit(128) as bits) as id, generate_series(0, 25) as n
$$;

/* When number out of most happens between the 1st of January and the 28th of October 2025. */
create function bench.moment(number numeric, most numeric) returns timestamptz language sql immutable parallel safe as $$
  select timestamptz '2025-01-01 06:00Z' + trunc(number / most * 300 * 86400000) * interval '1 millisecond'
$$;

create function bench.session_token(who text, number bigint) returns text language sql immutable parallel safe as $$
  select 'bench-' || who || '-' || number
$$;

/* The hash of a record that follows one with this hash, as the trigger of the audit log makes it. */
create function bench.chain_step(hash text, head text, record audit_record) returns text language plpgsql immutable as $$
begin
  record.previous_hash := coalesce(hash, head);
  return encode(sha256(convert_to(audit_record_text(record), 'UTF8')), 'hex');
end $$;

/* The hashes of records one after the other; the first follows the head. */
create aggregate bench.chain(head text, record audit_record) (sfunc = bench.chain_step, stype = text);
