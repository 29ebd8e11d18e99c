import type pg from "pg";

/** Some thousands of rows for the sample shop as it stands at `shop.standing`; always the same ones. */
const statements = [
  `INSERT INTO users (email, first_name, last_name, phone, created_at)
   SELECT format('%s.%s%s@example.com', lower(f), lower(l), n), f, l,
          CASE WHEN n % 3 = 0 THEN format('+49 30 %s', 100000 + n) END,
          timestamptz '2024-03-05 08:00+00' + n * interval '2 hours'
     FROM generate_series(1, 5000) n,
  LATERAL (SELECT (array['Ada','Grace','Alan','Edsger','Barbara','Donald','Margaret','Niklaus','Frances','Tony'])[1 + n % 10] f,
                  (array['Lovelace','Hopper','Turing','Dijkstra','Liskov','Knuth','Hamilton','Wirth','Allen','Hoare','Codd'])[1 + n % 11] l) name`,
  // Some people gave only one name: where a part is NULL, so is `first_name || ' ' || last_name`.
  "UPDATE users SET last_name = NULL WHERE id % 250 = 0",
  `INSERT INTO products (name, price, tags, sku, rating)
   SELECT format('%s %s', (array['Copper','Glass','Steel','Oak'])[1 + n % 4], (array['kettle','flask','funnel','stand','coil'])[1 + n % 5]),
          5 + n % 90, CASE WHEN n % 4 > 0 THEN array['new', (array['kitchen','lab','garden'])[1 + n % 3]] END, format('SKU-%s', 10000 + n), 3 + (n % 20) / 10.0
     FROM generate_series(1, 400) n`,
  `INSERT INTO coupons (code, percent, expires_on) VALUES ('WELCOME', 10, NULL), ('SPRING25', 25, '2025-06-30')`,
  `INSERT INTO orders (user_id, placed_at, status, coupon_code)
   SELECT 1 + (n * 7) % 5000, timestamptz '2024-04-01 10:00+00' + n * interval '55 minutes',
          (array['new','paid','shipped','shipped','shipped','cancelled'])[1 + n % 6]::order_status,
          CASE WHEN n % 20 = 0 THEN 'WELCOME' END
     FROM generate_series(1, 12000) n`,
  `INSERT INTO order_items (order_id, product_id, quantity, unit_price)
   SELECT o, 1 + (o * 3 + i * 11) % 400, 1 + (o + i) % 4, 5 + ((o * 3 + i * 11) % 400 + 1) % 90
     FROM generate_series(1, 12000) o, generate_series(1, 2) i`,
  `INSERT INTO addresses (user_id, street, city, country)
   SELECT n, format('%s Retort Street', n), (array['Berlin','Lyon','Turin','Gdansk'])[1 + n % 4], (array['DE','FR','IT','PL'])[1 + n % 4]
     FROM generate_series(1, 5000, 2) n`,
  `INSERT INTO reviews (product_id, user_id, stars, body)
   SELECT 1 + (n * 13) % 400, 1 + (n * 17) % 5000, 1 + n % 5, CASE WHEN n % 2 = 0 THEN 'Does what it says.' END
     FROM generate_series(1, 2500) n`,
  "ANALYZE",
];

/** Fills the tables; gives the number of rows put in. */
export async function fillShop(client: pg.Client): Promise<number> {
  let count = 0;
  for (const statement of statements) {
    const { rowCount, command } = await client.query(statement);
    if (command === "INSERT") count += rowCount ?? 0;
  }
  return count;
}
