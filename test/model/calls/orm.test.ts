import { describe, expect, test } from "vitest";
import { runOne, shown } from "./python.ts";

describe("an ORM session", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      `session.query(User).filter(User.age > 3).update({"age": 1})`,
      ["update users(age) | update users, update users.age, read users.age"],
    ],
    [
      `session.query(User).filter_by(age=1).update({User.name: "x"})`,
      ["update users(user_name) | update users, update users.user_name, read users.age"],
    ],
    [`session.query(User).delete()`, ["delete users | delete users"]],
    [`session.query(User).filter(User.id == 1).first()`, ["select users | read users, read users.*, read users.id"]],
    [
      `session.add(User(name="x", age=1))`,
      ["insert users(user_name, age) | insert users, insert users.user_name, insert users.age"],
    ],
    [
      `session.add_all([User(age=1), User(name="x")])`,
      ["insert users(age, user_name) | insert users, insert users.age, insert users.user_name"],
    ],
    [`session.bulk_insert_mappings(User, [{"age": 1}])`, ["insert users(age) | insert users, insert users.age"]],
    [
      `session.bulk_update_mappings(User, [{"id": 1, "age": 1}])`,
      ["update users(id, age) | update users, update users.id, update users.age"],
    ],
    [
      `session.delete(session.get(User, 1))`,
      ["select users | read users, read users.*", "delete users | delete users"],
    ],
    [`session.commit()`, ["transaction ?"]],
    [`session.flush()`, []],
    [`session.scalars(sa.select(User.id)).all()`, ["select users | read users.id"]],
  ];
  for (const [body, expected] of cases) {
    test(body, () => {
      expect(shown(body)).toEqual(expected);
    });
  }

  test("reads in a loop over a query, and writes where an attribute is set", () => {
    expect(shown(`for user in session.query(User):\n    user.name = "x"\n    session.add(user)`)).toEqual([
      "select users | read users, read users.*",
      "update users(user_name) | update users, update users.user_name",
      "update users | update users, update users.*",
    ]);
  });

  test("with a model from elsewhere has no table, and says so", () => {
    const operation = runOne(`from app.models import Account\nsession.query(Account).update({"age": 1})`);
    expect(operation).toMatchObject({ kind: "update", effect: "data", confidence: "likely", incomplete: true });
    expect(operation.why).toBe("`app.models.Account` is imported; its table is not known");
  });
});
