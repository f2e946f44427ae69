namespace NotebookKit.Templates.Language;

/// <summary>The variables of the template, of a macro call or of one level of a recursive loop.</summary>
internal sealed class Frame
{
    /// <summary>Marks a variable that has no value; reading it gives an <see cref="Undefined"/>.</summary>
    public static readonly object Missing = new();

    public readonly RenderState State;
    public readonly object?[] Slots;
    public readonly Frame? Outer;

    public Frame(RenderState state, int slots, Frame? outer)
    {
        State = state;
        Outer = outer;
        Slots = new object?[slots];
        Array.Fill(Slots, Missing);
    }
}

/// <summary>An expression: a tree that evaluates itself. Trees do not change after <see cref="ScopeResolver"/> has bound their names.</summary>
internal abstract class Expr
{
    private const int MaxHeight = 300;

    protected Expr(int position, params IEnumerable<Expr?> children)
    {
        Position = position;
        Children = [.. children.OfType<Expr>()];
        foreach (var child in Children) Height = Math.Max(Height, child.Height + 1);
        if (Height > MaxHeight) throw new SyntaxError($"the expression is nested more than {MaxHeight} deep", position);
    }

    /// <summary>Offset in the source, for error messages.</summary>
    public int Position { get; }

    public Expr[] Children { get; }

    public int Height { get; }

    public abstract object? Eval(Frame f);

    public virtual bool Test(Frame f) => Ops.Truth(Eval(f));
}

internal sealed class LiteralExpr(int position, object? value) : Expr(position)
{
    public object? Value { get; } = value;

    public override object? Eval(Frame f) => Value;
}

/// <summary>A variable, read or (as a target) written.</summary>
internal sealed class NameExpr(int position, string text) : Expr(position)
{
    private int _hops;

    public string Text { get; } = text;

    public int Index { get; private set; }

    public void Bind(int hops, int index) => (_hops, Index) = (hops, index);

    public override object? Eval(Frame f)
    {
        for (int hop = _hops; hop > 0; hop--) f = f.Outer!;
        object? value = f.Slots[Index];
        return ReferenceEquals(value, Frame.Missing) ? Undefined.Name(Text) : value;
    }
}

internal sealed class TupleExpr(int position, Expr[] items) : Expr(position, items)
{
    public override object? Eval(Frame f) => new PyTuple(All(f, Children));

    public static object?[] All(Frame f, Expr[] items)
    {
        object?[] values = new object?[items.Length];
        for (int i = 0; i < items.Length; i++) values[i] = items[i].Eval(f);
        return values;
    }
}

internal sealed class ListExpr(int position, Expr[] items) : Expr(position, items)
{
    public override object? Eval(Frame f)
    {
        f.State.Charge(Children.Length);
        var values = new List<object?>(Children.Length);
        foreach (var item in Children) values.Add(item.Eval(f));
        return new PyList(values);
    }
}

/// <summary>A dictionary display; children alternate between keys and values.</summary>
internal sealed class DictExpr(int position, Expr[] keysAndValues) : Expr(position, keysAndValues)
{
    public override object? Eval(Frame f)
    {
        var dict = new PyDict(Math.Max(4, Children.Length / 2));
        for (int i = 0; i < Children.Length; i += 2)
        {
            object? key = Children[i].Eval(f);
            object? value = Children[i + 1].Eval(f);
            f.State.At = Position;
            dict.Set(f.State, key, value);
        }
        return dict;
    }
}

internal sealed class AttributeExpr(int position, Expr target, string name) : Expr(position, target)
{
    public Expr Target => target;

    public string Name => name;

    public override object? Eval(Frame f)
    {
        object? value = target.Eval(f);
        f.State.At = Position;
        return Members.Attribute(f.State, value, name);
    }
}

internal sealed class ItemExpr : Expr
{
    private readonly Expr _target;
    private readonly Expr _key;
    private readonly object? _constant;

    public ItemExpr(int position, Expr target, Expr key)
        : base(position, target, key)
    {
        _target = target;
        _key = key;
        // A table written in the template, {0: "No", 1: "Yes"}[label], is built once: nobody else can reach it.
        if (target is ListExpr or DictExpr && target.Children.Length > 0 && target.Children.All(item => item is LiteralExpr))
        {
            try
            {
                _constant = target.Eval(new Frame(RenderState.Detached(), 0, null));
            }
            catch (PythonError)
            {
                // It cannot be built; rendering says so.
            }
        }
    }

    public override object? Eval(Frame f)
    {
        object? value = _constant ?? _target.Eval(f);
        object? key = _key.Eval(f);
        f.State.At = Position;
        return Members.Item(f.State, value, key);
    }
}

internal sealed class SliceExpr(int position, Expr target, Expr? start, Expr? stop, Expr? step) : Expr(position, target, start, stop, step)
{
    public override object? Eval(Frame f)
    {
        object? value = target.Eval(f);
        object? from = start?.Eval(f);
        object? to = stop?.Eval(f);
        object? by = step?.Eval(f);
        f.State.At = Position;
        return Members.Slice(f.State, value, from, to, by);
    }
}

/// <summary>A slice among several subscripts, <c>x[1:2, 3]</c>; no value of the language accepts it.</summary>
internal sealed class SlicePartExpr(int position, Expr? start, Expr? stop, Expr? step) : Expr(position, start, stop, step)
{
    public Expr? Start => start;

    public Expr? Stop => stop;

    public Expr? Step => step;

    public override object? Eval(Frame f) => new PySlice(start?.Eval(f), stop?.Eval(f), step?.Eval(f));
}

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record ArgumentList(Expr[] Positional, (string Name, Expr Value)[] Named, Expr? MorePositional, Expr? MoreNamed)
{
    public static readonly ArgumentList Empty = new([], [], null, null);

    public IEnumerable<Expr?> All => [.. Positional, .. Named.Select(n => n.Value), MorePositional, MoreNamed];

    public Arguments Eval(Frame f, Macro? caller = null)
    {
        if (Positional.Length == 0 && Named.Length == 0 && MorePositional is null && MoreNamed is null && caller is null) return Arguments.None;
        object?[] positional = Positional.Length == 0 ? [] : TupleExpr.All(f, Positional);
        if (Named.Length == 0 && MorePositional is null && MoreNamed is null && caller is null) return new(positional, []);
        var named = new List<KeyValuePair<string, object?>>();
        foreach (var (name, value) in Named) named.Add(new(name, value.Eval(f)));
        if (MorePositional is not null) positional = [.. positional, .. Ops.ToList(f.State, MorePositional.Eval(f))];
        if (MoreNamed is not null)
        {
            if (MoreNamed.Eval(f) is not PyDict dict) throw PythonError.Type("argument after ** must be a mapping");
            foreach (var (key, value) in dict.Entries)
            {
                string name = Ops.TextOf(key) ?? throw PythonError.Type("keywords must be strings");
                if (named.Exists(n => n.Key == name)) throw PythonError.Type($"got multiple values for keyword argument '{name}'");
                named.Add(new(name, value));
            }
        }
        if (caller is not null) named.Add(new("caller", caller));
        return new(positional, [.. named]);
    }
}

internal sealed class CallExpr : Expr
{
    private readonly Expr _callee;
    private readonly ArgumentList _arguments;
    private readonly string? _method;
    private readonly Routine? _ofText;
    private readonly Routine? _ofList;
    private readonly Routine? _ofDict;

    public CallExpr(int position, Expr callee, ArgumentList arguments)
        : base(position, [callee, .. arguments.All])
    {
        _callee = callee;
        _arguments = arguments;
        if (callee is not AttributeExpr { Name: var name }) return;
        _method = name;
        StringMethods.Table.TryGetValue(name, out _ofText);
        ListMethods.Table.TryGetValue(name, out _ofList);
        DictMethods.Table.TryGetValue(name, out _ofDict);
    }

    public override object? Eval(Frame f) => Eval(f, null);

    public object? Eval(Frame f, Macro? caller)
    {
        object? callee;
        if (_method is not null)
        {
            // A method call needs no bound method in between.
            var target = ((AttributeExpr)_callee).Target;
            object? receiver = target.Eval(f);
            var routine = receiver switch { string => _ofText, PyList => _ofList, PyDict => _ofDict, _ => null };
            if (routine is not null)
            {
                var given = _arguments.Eval(f, caller);
                f.State.At = Position;
                return Methods.Invoke(f.State, receiver!, routine, given);
            }
            f.State.At = Position;
            callee = Members.Attribute(f.State, receiver, _method);
        }
        else callee = _callee.Eval(f);
        var arguments = _arguments.Eval(f, caller);
        f.State.At = Position;
        return callee switch
        {
            PyCallable callable => callable.Call(f.State, arguments),
            PyLoop loop => loop.Call(arguments),
            Undefined undefined => throw undefined.Failure(),
            _ => throw PythonError.Type($"'{Ops.TypeName(callee)}' object is not callable"),
        };
    }
}

/// <summary><c>value | filter(...)</c> or <c>value is test(...)</c>.</summary>
internal sealed class RoutineExpr(int position, Expr value, Routine? routine, string unknown, ArgumentList arguments)
    : Expr(position, [value, .. arguments.All])
{
    public override object? Eval(Frame f)
    {
        object? input = value.Eval(f);
        var given = arguments.Eval(f);
        f.State.At = Position;
        if (routine is null) throw PythonError.Runtime(unknown);
        return routine.Invoke(f.State, input, given);
    }
}

internal sealed class NotExpr(int position, Expr operand) : Expr(position, operand)
{
    public override object? Eval(Frame f) => Boxed.Of(Test(f));

    public override bool Test(Frame f) => !operand.Test(f);
}

internal sealed class AndExpr(int position, Expr left, Expr right) : Expr(position, left, right)
{
    public override object? Eval(Frame f) => left.Eval(f) is var value && Ops.Truth(value) ? right.Eval(f) : value;

    public override bool Test(Frame f) => left.Test(f) && right.Test(f);
}

internal sealed class OrExpr(int position, Expr left, Expr right) : Expr(position, left, right)
{
    public override object? Eval(Frame f) => left.Eval(f) is var value && Ops.Truth(value) ? value : right.Eval(f);

    public override bool Test(Frame f) => left.Test(f) || right.Test(f);
}

/// <summary>A comparison or chain of comparisons; every operand is evaluated at most once.</summary>
internal sealed class CompareExpr(int position, Expr first, (string Symbol, Expr Right)[] links) : Expr(position, [first, .. links.Select(l => l.Right)])
{
    public override object? Eval(Frame f) => Boxed.Of(Test(f));

    public override bool Test(Frame f)
    {
        object? left = first.Eval(f);
        foreach (var (symbol, operand) in links)
        {
            object? right = operand.Eval(f);
            f.State.At = Position;
            if (!Ops.Compare(f.State, symbol, left, right)) return false;
            left = right;
        }
        return true;
    }
}

internal sealed class BinaryExpr(int position, string symbol, Expr left, Expr right) : Expr(position, left, right)
{
    private readonly char _operator = symbol switch { "//" => 'f', "**" => 'p', _ => symbol[0] };

    public override object? Eval(Frame f)
    {
        object? a = left.Eval(f);
        object? b = right.Eval(f);
        var state = f.State;
        state.At = Position;
        return _operator switch
        {
            '+' => Arithmetic.Add(state, a, b),
            '-' => Arithmetic.Subtract(state, a, b),
            '*' => Arithmetic.Multiply(state, a, b),
            '/' => Arithmetic.TrueDivide(a, b),
            'f' => Arithmetic.FloorDivide(a, b),
            '%' => Arithmetic.Modulo(state, a, b),
            _ => Arithmetic.Power(state, a, b),
        };
    }
}

internal sealed class SignExpr(int position, Expr operand, bool negative) : Expr(position, operand)
{
    public override object? Eval(Frame f)
    {
        object? value = operand.Eval(f);
        f.State.At = Position;
        return negative ? Arithmetic.Negate(value) : Arithmetic.Plus(value);
    }
}

/// <summary><c>a ~ b ~ c</c>: the texts of all operands, joined.</summary>
internal sealed class ConcatExpr(int position, Expr[] parts) : Expr(position, parts)
{
    public override object? Eval(Frame f)
    {
        object?[] values = TupleExpr.All(f, Children);
        f.State.At = Position;
        var result = new OutputBuffer(f.State.OutputLength);
        foreach (object? value in values) Printing.Write(f.State, result, value);
        f.State.ChargeText(result.Length);
        return result.TakeText();
    }
}

internal sealed class ConditionalExpr(int position, Expr test, Expr whenTrue, Expr? whenFalse) : Expr(position, test, whenTrue, whenFalse)
{
    public override object? Eval(Frame f)
    {
        if (test.Test(f)) return whenTrue.Eval(f);
        return whenFalse is null
            ? Undefined.Because("the inline if-expression evaluated to false and no else section was defined.")
            : whenFalse.Eval(f);
    }
}

/// <summary>The target of <c>{% set ns.name = ... %}</c>.</summary>
internal sealed class NamespaceTarget(int position, NameExpr owner, string name) : Expr(position, owner)
{
    public override object? Eval(Frame f) => throw new NotSupportedException("a namespace target is only written");

    public void Assign(Frame f, object? value)
    {
        object? space = owner.Eval(f);
        f.State.At = Position;
        if (space is not PyNamespace { Attributes: var attributes }) throw PythonError.Runtime("cannot assign attribute on non-namespace object");
        attributes.Set(f.State, name, value);
    }
}

/// <summary>The text that a set block or filter block has captured.</summary>
internal sealed class CapturedExpr(int position) : Expr(position)
{
    public int Index { get; set; }

    public override object? Eval(Frame f) => f.Slots[Index];
}
