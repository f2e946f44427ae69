namespace NotebookKit.Templates.Language;

/// <summary>A part of a template's body, which runs by writing to the output.</summary>
internal abstract class Statement(int position)
{
    public int Position { get; } = position;

    public abstract void Run(Frame f);

    public static void RunAll(Statement[] body, Frame f)
    {
        foreach (var statement in body) statement.Run(f);
    }
}

/// <summary>How a variable gets its value when its scope is entered: from another variable, or from nowhere.</summary>
internal readonly record struct Load(int Target, int Hops, int Source)
{
    public const int Nowhere = -1;

    public static void Enter(Load[] loads, Frame f)
    {
        foreach (var (target, hops, source) in loads)
        {
            var from = f;
            for (int hop = hops; hop > 0; hop--) from = from.Outer!;
            f.Slots[target] = source == Nowhere ? Frame.Missing : from.Slots[source];
        }
    }
}

/// <summary>Assignment to a name, a tuple of targets, or an attribute of a namespace.</summary>
internal static class Target
{
    public static void Assign(Expr target, Frame f, object? value)
    {
        switch (target)
        {
            case NameExpr name:
                f.Slots[name.Index] = value;
                break;
            case NamespaceTarget attribute:
                attribute.Assign(f, value);
                break;
            default:
                f.State.At = target.Position;
                Unpack(target.Children, f, value);
                break;
        }
    }

    private static void Unpack(Expr[] targets, Frame f, object? value)
    {
        if (value is PyTuple { Items: var items } && items.Length == targets.Length)
        {
            for (int i = 0; i < targets.Length; i++) Assign(targets[i], f, items[i]);
            return;
        }
        if (Ops.TryIterate(f.State, value) is null) throw PythonError.Type($"cannot unpack non-iterable {Ops.TypeName(value)} object");
        var list = Ops.ToList(f.State, value);
        if (list.Count < targets.Length) throw PythonError.Value($"not enough values to unpack (expected {targets.Length}, got {list.Count})");
        if (list.Count > targets.Length) throw PythonError.Value($"too many values to unpack (expected {targets.Length})");
        for (int i = 0; i < targets.Length; i++) Assign(targets[i], f, list[i]);
    }

    /// <summary>The same targets again, to be bound in another scope.</summary>
    public static Expr Copy(Expr target) => target switch
    {
        NameExpr name => new NameExpr(name.Position, name.Text),
        _ => new TupleExpr(target.Position, [.. target.Children.Select(Copy)]),
    };
}

internal sealed class TextStatement(int position, string text) : Statement(position)
{
    public override void Run(Frame f) => f.State.Out.Append(text);
}

internal sealed class PrintStatement(int position, Expr value) : Statement(position)
{
    public Expr Value => value;

    public override void Run(Frame f)
    {
        object? result = value.Eval(f);
        f.State.At = value.Position;
        int start = f.State.Out.Length;
        Printing.Write(f.State, f.State.Out, result);
        if (f.State.Trace is not null) f.State.Note(value, start);
    }
}

/// <summary>An if block with its elif and else branches; the test of an else branch is null.</summary>
internal sealed class IfStatement(int position, (Expr? Test, Statement[] Body)[] branches) : Statement(position)
{
    public (Expr? Test, Statement[] Body)[] Branches => branches;

    public override void Run(Frame f)
    {
        foreach (var (test, body) in branches)
        {
            if (test is not null && !test.Test(f)) continue;
            RunAll(body, f);
            return;
        }
    }
}

internal sealed class ForStatement(int position, Expr target, Expr source, Expr? test, bool recursive, Statement[] body, Statement[] otherwise) : Statement(position)
{
    public Expr Target => target;

    public Expr Source => source;

    public Expr? TestTarget { get; } = test is null ? null : Language.Target.Copy(target);

    public Expr? Test => test;

    public bool Recursive => recursive;

    public Statement[] Body => body;

    public Statement[] Otherwise => otherwise;

    // What the resolver works out:
    public Load[] BodyLoads { get; set; } = [];

    public Load[] TestLoads { get; set; } = [];

    public Load[] OtherwiseLoads { get; set; } = [];

    /// <summary>Where the variable <c>loop</c> lives, or -1 if the body does not use it.</summary>
    public int LoopIndex { get; set; } = -1;

    /// <summary>The variables of one level of a recursive loop.</summary>
    public FunctionScope? Function { get; set; }

    public override void Run(Frame f)
    {
        object? items = source.Eval(f);
        if (recursive) Printing.Write(f.State, f.State.Out, RunRecursively(f, items, 0));
        else Loop(f, f, items, 0);
    }

    public object? RunRecursively(Frame outer, object? items, int depth0)
    {
        outer.State.Enter();
        var output = outer.State.Capture();
        Loop(new Frame(outer.State, Function!.SlotCount, outer), outer, items, depth0);
        outer.State.Leave();
        return outer.State.Release(output);
    }

    private void Loop(Frame f, Frame outer, object? iterable, int depth0)
    {
        var state = f.State;
        state.At = source.Position;
        bool ran = false;
        if (LoopIndex < 0 && test is null && iterable is PyList list)
        {
            // By position: items that the body appends are visited, too.
            for (int i = 0; i < list.Items.Count; i++)
            {
                state.Charge(1);
                Language.Target.Assign(target, f, list.Items[i]);
                Load.Enter(BodyLoads, f);
                RunAll(body, f);
                ran = true;
            }
        }
        else
        {
            var items = Ops.Iterate(state, iterable);
            if (test is not null) items = PyIterator.Lazy(state, Accepted(f, items));
            if (LoopIndex < 0)
            {
                while (items.Next(out object? item))
                {
                    Language.Target.Assign(target, f, item);
                    Load.Enter(BodyLoads, f);
                    RunAll(body, f);
                    ran = true;
                }
            }
            else
            {
                var loop = new PyLoop(state, test is null ? iterable : items, items, recursive ? this : null, outer, depth0);
                while (loop.MoveNext(out object? item))
                {
                    Language.Target.Assign(target, f, item);
                    f.Slots[LoopIndex] = loop;
                    Load.Enter(BodyLoads, f);
                    RunAll(body, f);
                    ran = true;
                }
            }
        }
        if (ran || otherwise.Length == 0) return;
        Load.Enter(OtherwiseLoads, f);
        RunAll(otherwise, f);
    }

    private IEnumerable<object?> Accepted(Frame f, PyIterator items)
    {
        Load.Enter(TestLoads, f);
        while (items.Next(out object? item))
        {
            Language.Target.Assign(TestTarget!, f, item);
            if (test!.Test(f)) yield return item;
        }
    }
}

internal sealed class SetStatement(int position, Expr target, Expr value) : Statement(position)
{
    public Expr Target => target;

    public Expr Value => value;

    public override void Run(Frame f) => Language.Target.Assign(target, f, value.Eval(f));
}

/// <summary>A block whose output is captured: assigned to a target (set block), or filtered and printed (filter block).</summary>
internal sealed class CaptureStatement(int position, Expr? target, Expr result, CapturedExpr captured, Statement[] body) : Statement(position)
{
    public Expr? Target => target;

    public Expr Result => result;

    public CapturedExpr Captured => captured;

    public Statement[] Body => body;

    public Load[] Loads { get; set; } = [];

    public override void Run(Frame f)
    {
        Load.Enter(Loads, f);
        var outer = f.State.Capture();
        RunAll(body, f);
        f.Slots[captured.Index] = f.State.Release(outer);
        object? value = result.Eval(f);
        f.State.At = Position;
        if (target is null) f.State.Out.Append(Ops.TextOf(value) ?? throw PythonError.Type($"a filter block must produce text, not {Ops.TypeName(value)}"));
        else Language.Target.Assign(target, f, value);
    }
}

internal sealed class WithStatement(int position, (Expr Target, Expr Value)[] variables, Statement[] body) : Statement(position)
{
    public (Expr Target, Expr Value)[] Variables => variables;

    public Statement[] Body => body;

    public Load[] Loads { get; set; } = [];

    public override void Run(Frame f)
    {
        Load.Enter(Loads, f);
        foreach (var (target, value) in variables) Language.Target.Assign(target, f, value.Eval(f));
        RunAll(body, f);
    }
}

/// <summary>One parameter of a macro; the slot is where its value goes.</summary>
internal sealed record Parameter(NameExpr Name, Expr? Default)
{
    public Slot? Slot { get; set; }
}

internal sealed class MacroDefinition(int position, string? name, Parameter[] parameters, Statement[] body) : Statement(position)
{
    public string? Name => name;

    public Parameter[] Parameters => parameters;

    public Statement[] Body => body;

    public NameExpr? Target { get; } = name is null ? null : new NameExpr(position, name);

    public FunctionScope Function { get; set; } = null!;

    public Load[] Loads { get; set; } = [];

    public Slot? Caller { get; set; }

    public Slot? NamedRest { get; set; }

    public Slot? PositionalRest { get; set; }

    public override void Run(Frame f) => Language.Target.Assign(Target!, f, new Macro(this, f));

    /// <summary>Runs the body with the arguments already in their slots.</summary>
    public void Invoke(Frame f)
    {
        Load.Enter(Loads, f);
        foreach (var parameter in parameters)
        {
            int index = parameter.Slot!.Index;
            if (!ReferenceEquals(f.Slots[index], Frame.Missing)) continue;
            f.Slots[index] = parameter.Default is null
                ? Undefined.Because($"parameter {Printing.Quote(parameter.Name.Text)} was not provided")
                : parameter.Default.Eval(f);
        }
        RunAll(body, f);
    }
}

/// <summary><c>{% call macro(...) %}...{% endcall %}</c>: the body becomes the macro's <c>caller</c>.</summary>
internal sealed class CallBlockStatement(int position, CallExpr call, MacroDefinition caller) : Statement(position)
{
    public CallExpr Call => call;

    public MacroDefinition Caller => caller;

    public override void Run(Frame f)
    {
        object? value = call.Eval(f, new Macro(caller, f));
        f.State.Out.Append(Ops.TextOf(value) ?? throw PythonError.Type($"a call block must produce text, not {Ops.TypeName(value)}"));
    }
}

/// <summary>A named block. Without inheritance it runs in place, and sees only what the template's top level has set.</summary>
internal sealed class BlockStatement(int position, string name, bool scoped, Statement[] body) : Statement(position)
{
    public string Name => name;

    public bool Scoped => scoped;

    public Statement[] Body => body;

    public FunctionScope? Function { get; set; }

    public Load[] Loads { get; set; } = [];

    /// <summary>Top-level variables that stand before the example's fields of the same name: (slot here, slot at the top level).</summary>
    public (int Here, int Top)[] TopLevel { get; set; } = [];

    public override void Run(Frame f)
    {
        if (scoped)
        {
            Load.Enter(Loads, f);
            RunAll(body, f);
            return;
        }
        var top = f;
        while (top.Outer is not null) top = top.Outer;
        var frame = new Frame(f.State, Function!.SlotCount, top);
        Load.Enter(Loads, frame);
        foreach (var (here, there) in TopLevel)
        {
            if (!ReferenceEquals(top.Slots[there], Frame.Missing)) frame.Slots[here] = top.Slots[there];
        }
        RunAll(body, frame);
    }
}
