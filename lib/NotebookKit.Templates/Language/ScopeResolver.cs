namespace NotebookKit.Templates.Language;

/// <summary>A place for one variable.</summary>
internal sealed record Slot(FunctionScope Function, int Index);

/// <summary>The variables that live in one <see cref="Frame"/>: the template's, a macro's, or a recursive loop's.</summary>
internal sealed class FunctionScope(FunctionScope? outer)
{
    private readonly Dictionary<string, Slot> _context = [];

    public FunctionScope? Outer => outer;

    public int SlotCount { get; private set; }

    /// <summary>Names that the template takes from outside, with their slots; only at the top level.</summary>
    public IReadOnlyDictionary<string, Slot> Context => _context;

    public Slot NewSlot() => new(this, SlotCount++);

    public Slot ContextSlot(string name)
    {
        if (outer is not null) return outer.ContextSlot(name);
        if (!_context.TryGetValue(name, out var slot)) _context[name] = slot = NewSlot();
        return slot;
    }

    public int HopsTo(FunctionScope owner)
    {
        int hops = 0;
        for (var function = this; function != owner; function = function.Outer ?? throw new InvalidOperationException("the slot is out of reach")) hops++;
        return hops;
    }
}

/// <summary>
/// Decides which variable every name means, by Jinja2's rules: a block sees the names around it; what it assigns itself starts as a
/// copy and is lost at its end (so a set inside a for does not reach out); branches of an if share the scope around them.
/// </summary>
internal static class ScopeResolver
{
    /// <returns>The template's own variables, and the loads to make before it runs.</returns>
    public static (FunctionScope Function, Load[] Loads) Resolve(Statement[] template)
    {
        var function = new FunctionScope(null);
        var scope = new Scope(null, function);
        Analyze(template, scope);
        var loads = scope.Loads();
        Bind(template, scope, scope);
        return (function, loads);
    }

    private enum Origin
    {
        Parameter,
        Context,
        Alias,
        Undefined,
    }

    private sealed class Scope(Scope? parent, FunctionScope function)
    {
        // One slot for a name in a scope, whichever branch of an if mentions it first.
        private readonly Dictionary<string, Slot> _slots = [];
        private Dictionary<string, Slot> _names = [];
        private Dictionary<Slot, (Origin Origin, string Name, Slot? Source)> _origins = [];
        private HashSet<string> _stores = [];

        private Scope(Scope original)
            : this(original.Parent, original.Function)
        {
            _slots = original._slots;
            _names = new(original._names);
            _origins = new(original._origins);
            _stores = new(original._stores);
        }

        public Scope? Parent => parent;

        public FunctionScope Function => function;

        public Scope Copy() => new(this);

        public bool Stores(string name) => _stores.Contains(name);

        public (Scope Scope, Slot Slot)? Find(string name) => _names.TryGetValue(name, out var slot) ? (this, slot) : Parent?.Find(name);

        private Slot Define(string name, Origin origin, Slot? source = null)
        {
            if (!_slots.TryGetValue(name, out var slot)) _slots[name] = slot = Function.NewSlot();
            _names[name] = slot;
            _origins[slot] = (origin, name, source);
            return slot;
        }

        public void Read(string name)
        {
            if (Find(name) is null) Define(name, Origin.Context);
        }

        public void Write(string name)
        {
            _stores.Add(name);
            if (_names.ContainsKey(name)) return;
            if (Parent?.Find(name) is { Slot: var outer }) Define(name, Origin.Alias, outer);
            else Define(name, Origin.Undefined);
        }

        public Slot Parameter(string name)
        {
            _stores.Add(name);
            return Define(name, Origin.Parameter);
        }

        /// <summary>Takes over what the branches of an if have assigned; where a branch did not run, the value is the one from outside.</summary>
        public void Merge(IReadOnlyList<Scope> branches)
        {
            var assigned = branches.SelectMany(b => b._stores).ToHashSet();
            assigned.ExceptWith(_stores);
            foreach (var branch in branches)
            {
                foreach (var (name, slot) in branch._names) _names[name] = slot;
                foreach (var (slot, origin) in branch._origins) _origins[slot] = origin;
                _stores.UnionWith(branch._stores);
            }
            foreach (string name in assigned)
            {
                var slot = Find(name)!.Value.Slot;
                _origins[slot] = Parent?.Find(name) is { Slot: var outer } ? (Origin.Alias, name, outer) : (Origin.Context, name, null);
            }
        }

        /// <summary>Whether a name that is only read here comes straight from the example.</summary>
        public bool ReadsContext(string name) => !_stores.Contains(name) && _origins[_names[name]].Origin == Origin.Context;

        public Load[] Loads() => [.. _origins
            .Where(o => o.Value.Origin != Origin.Parameter && _stores.Contains(o.Value.Name))
            .Select(o =>
            {
                var (origin, name, source) = o.Value;
                // A variable around this scope that is only read is never filled: its readers go to the example's field directly.
                if (origin == Origin.Context || (origin == Origin.Alias && Parent!.Find(name)!.Value.Scope.ReadsContext(name))) source = Function.ContextSlot(name);
                return source is null ? new Load(o.Key.Index, 0, Load.Nowhere) : new Load(o.Key.Index, Function.HopsTo(source.Function), source.Index);
            })];

        public IEnumerable<(string Name, Slot Slot)> Stored => _stores.Where(_names.ContainsKey).Select(name => (name, _names[name]));
    }

    // First pass over a scope: which names it reads and writes, without descending into scopes of their own.

    private static void Analyze(IEnumerable<Statement> body, Scope scope)
    {
        foreach (var statement in body) Analyze(statement, scope);
    }

    private static void Analyze(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case PrintStatement print:
                Reads(print.Value, scope);
                break;
            case IfStatement conditional:
                Analyze(conditional, scope);
                break;
            case ForStatement loop:
                Reads(loop.Source, scope);
                break;
            case SetStatement set:
                Reads(set.Value, scope);
                Writes(set.Target, scope);
                break;
            case CaptureStatement { Target: { } target }:
                Writes(target, scope);
                break;
            case CaptureStatement filter:
                Reads(filter.Result, scope);
                break;
            case WithStatement with:
                foreach (var (_, value) in with.Variables) Reads(value, scope);
                break;
            case MacroDefinition macro:
                scope.Write(macro.Name!);
                break;
            case CallBlockStatement call:
                Reads(call.Call, scope);
                break;
        }
    }

    /// <summary>Every elif is analysed as an if of its own, beside the first branch and the else, as Jinja2 nests them.</summary>
    private static void Analyze(IfStatement conditional, Scope scope)
    {
        var (test, body) = conditional.Branches[0];
        Reads(test!, scope);
        var first = scope.Copy();
        Analyze(body, first);
        var elifs = scope.Copy();
        var last = scope.Copy();
        foreach (var (otherTest, otherBody) in conditional.Branches.Skip(1))
        {
            if (otherTest is null)
            {
                Analyze(otherBody, last);
                continue;
            }
            Reads(otherTest, elifs);
            var inner = elifs.Copy();
            Analyze(otherBody, inner);
            elifs.Merge([inner, elifs.Copy()]);
        }
        scope.Merge([first, elifs, last]);
    }

    private static void Reads(Expr expression, Scope scope)
    {
        if (expression is NameExpr name) scope.Read(name.Text);
        foreach (var child in expression.Children) Reads(child, scope);
    }

    private static void Writes(Expr target, Scope scope, bool asParameter = false)
    {
        switch (target)
        {
            case NameExpr name when asParameter: scope.Parameter(name.Text); break;
            case NameExpr name: scope.Write(name.Text); break;
            case NamespaceTarget: Reads(target, scope); break;
            default:
                foreach (var child in target.Children) Writes(child, scope, asParameter);
                break;
        }
    }

    // Second pass: every name gets its slot.

    private static void Bind(IEnumerable<Statement> body, Scope scope, Scope top)
    {
        foreach (var statement in body) Bind(statement, scope, top);
    }

    private static void Bind(Statement statement, Scope scope, Scope top)
    {
        switch (statement)
        {
            case PrintStatement print:
                Bind(print.Value, scope);
                break;
            case IfStatement conditional:
                foreach (var (test, body) in conditional.Branches)
                {
                    if (test is not null) Bind(test, scope);
                    Bind(body, scope, top);
                }
                break;
            case ForStatement loop:
                Bind(loop, scope, top);
                break;
            case SetStatement set:
                Bind(set.Value, scope);
                Bind(set.Target, scope);
                break;
            case CaptureStatement capture:
                var inner = new Scope(scope, scope.Function);
                Analyze(capture.Body, inner);
                Reads(capture.Result, inner);
                capture.Loads = inner.Loads();
                capture.Captured.Index = inner.Function.NewSlot().Index;
                Bind(capture.Body, inner, top);
                Bind(capture.Result, inner);
                if (capture.Target is not null) Bind(capture.Target, scope);
                break;
            case WithStatement with:
                inner = new Scope(scope, scope.Function);
                foreach (var (target, _) in with.Variables) Writes(target, inner, asParameter: true);
                Analyze(with.Body, inner);
                with.Loads = inner.Loads();
                foreach (var (target, value) in with.Variables)
                {
                    Bind(value, scope);
                    Bind(target, inner);
                }
                Bind(with.Body, inner, top);
                break;
            case MacroDefinition macro:
                Bind(macro, scope, top);
                Bind(macro.Target!, scope);
                break;
            case CallBlockStatement call:
                Bind(call.Caller, scope, top);
                Bind(call.Call, scope);
                break;
            case BlockStatement block:
                Bind(block, scope, top);
                break;
        }
    }

    private static void Bind(ForStatement loop, Scope scope, Scope top)
    {
        Bind(loop.Source, scope);
        var function = scope.Function;
        if (loop.Recursive) loop.Function = function = new FunctionScope(function);

        if (loop.Test is not null)
        {
            var testScope = new Scope(scope, function);
            Writes(loop.TestTarget!, testScope, asParameter: true);
            Reads(loop.Test, testScope);
            loop.TestLoads = testScope.Loads();
            Bind(loop.TestTarget!, testScope);
            Bind(loop.Test, testScope);
        }

        var inner = new Scope(scope, function);
        if (loop.Recursive || Mentions(loop.Body, "loop")) loop.LoopIndex = inner.Parameter("loop").Index;
        Writes(loop.Target, inner, asParameter: true);
        Analyze(loop.Body, inner);
        loop.BodyLoads = inner.Loads();
        Bind(loop.Target, inner);
        Bind(loop.Body, inner, top);

        var otherwise = new Scope(scope, function);
        Analyze(loop.Otherwise, otherwise);
        loop.OtherwiseLoads = otherwise.Loads();
        Bind(loop.Otherwise, otherwise, top);
    }

    private static void Bind(MacroDefinition macro, Scope scope, Scope top)
    {
        macro.Function = new FunctionScope(scope.Function);
        var inner = new Scope(scope, macro.Function);
        foreach (var parameter in macro.Parameters) parameter.Slot = inner.Parameter(parameter.Name.Text);
        bool Special(string name) => Mentions(macro.Body, name) && !macro.Parameters.Any(p => p.Name.Text == name);
        if (Special("caller")) macro.Caller = inner.Parameter("caller");
        if (Special("kwargs")) macro.NamedRest = inner.Parameter("kwargs");
        if (Special("varargs")) macro.PositionalRest = inner.Parameter("varargs");
        foreach (var parameter in macro.Parameters)
        {
            if (parameter.Default is not null) Reads(parameter.Default, inner);
        }
        Analyze(macro.Body, inner);
        macro.Loads = inner.Loads();
        foreach (var parameter in macro.Parameters)
        {
            if (parameter.Default is not null) Bind(parameter.Default, inner);
        }
        Bind(macro.Body, inner, top);
    }

    private static void Bind(BlockStatement block, Scope scope, Scope top)
    {
        if (block.Scoped)
        {
            var inner = new Scope(scope, scope.Function);
            Analyze(block.Body, inner);
            block.Loads = inner.Loads();
            Bind(block.Body, inner, top);
            return;
        }
        block.Function = new FunctionScope(top.Function);
        var alone = new Scope(null, block.Function);
        Analyze(block.Body, alone);
        // Names that the top level sets are copied in, over the example's fields; so they must be variables of the block's own.
        var shared = top.Stored.Where(stored => alone.Find(stored.Name) is not null).ToList();
        foreach (var (name, _) in shared) alone.Write(name);
        block.Loads = alone.Loads();
        block.TopLevel = [.. shared.Select(stored => (alone.Find(stored.Name)!.Value.Slot.Index, stored.Slot.Index))];
        Bind(block.Body, alone, top);
    }

    private static void Bind(Expr expression, Scope scope)
    {
        if (expression is NameExpr name)
        {
            var (owner, slot) = scope.Find(name.Text) ?? throw new InvalidOperationException($"{name.Text} was not analysed");
            if (owner.ReadsContext(name.Text)) slot = scope.Function.ContextSlot(name.Text);
            name.Bind(scope.Function.HopsTo(slot.Function), slot.Index);
        }
        foreach (var child in expression.Children) Bind(child, scope);
    }

    /// <summary>Whether a name is read anywhere in a body, inner blocks included.</summary>
    private static bool Mentions(IEnumerable<Statement> body, string name) => body.Any(statement => statement switch
    {
        PrintStatement print => Mentions(print.Value, name),
        IfStatement conditional => conditional.Branches.Any(b => (b.Test is not null && Mentions(b.Test, name)) || Mentions(b.Body, name)),
        ForStatement loop => Mentions(loop.Source, name) || (loop.Test is not null && Mentions(loop.Test, name)) || Mentions(loop.Body, name) || Mentions(loop.Otherwise, name),
        SetStatement set => Mentions(set.Value, name) || (set.Target is NamespaceTarget && Mentions(set.Target, name)),
        CaptureStatement capture => Mentions(capture.Result, name) || Mentions(capture.Body, name),
        WithStatement with => with.Variables.Any(v => Mentions(v.Value, name)) || Mentions(with.Body, name),
        MacroDefinition macro => macro.Parameters.Any(p => p.Default is not null && Mentions(p.Default, name)) || Mentions(macro.Body, name),
        CallBlockStatement call => Mentions(call.Call, name) || Mentions(call.Caller.Body, name),
        BlockStatement { Scoped: true } block => Mentions(block.Body, name),
        _ => false,
    });

    private static bool Mentions(Expr expression, string name) =>
        (expression is NameExpr { Text: var text } && text == name) || expression.Children.Any(child => Mentions(child, name));
}
