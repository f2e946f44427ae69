using System.Text.RegularExpressions;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>
/// Checks a folder of prompts, by promptsource's own rules and by rendering. Each fault is a line that names the file, the line on which the
/// prompt begins, the prompt and, where there is one, the place in its template.
/// </summary>
internal static partial class PromptsFolder
{
    private const int Examples = 50;

    public static int Check(string folder, PromptFilter filter, TextWriter output)
    {
        var (prompts, faults) = (0, 0);
        bool readable = true;
        var ids = new Dictionary<string, string>();
        foreach (string? path in Directory.EnumerateFiles(folder, "templates.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            PromptCollection collection;
            try
            {
                collection = PromptCollection.Load(path);
            }
            catch (PromptFileException e)
            {
                (readable, faults) = (false, faults + 1);
                output.WriteLine(e.Message);
                continue;
            }
            var (names, texts) = (new Dictionary<string, Prompt>(), new Dictionary<string, Prompt>());
            foreach (var prompt in collection.Prompts.Where(p => filter.Accepts(collection, p, null)))
            {
                prompts++;
                var found = FaultsOf(prompt).ToList();
                if (!ids.TryAdd(prompt.Id, $"{collection.Name}/{prompt.Name}")) found.Add($"{prompt.Name}: the id {prompt.Id} is also that of {ids[prompt.Id]}");
                if (!names.TryAdd(prompt.Name, prompt)) found.Add($"{prompt.Name}: the prompt on line {names[prompt.Name].Line} has the same name");
                if (!texts.TryAdd(prompt.Jinja, prompt)) found.Add($"{prompt.Name}: the template is that of {texts[prompt.Jinja].Name} on line {texts[prompt.Jinja].Line}");
                faults += found.Count;
                foreach (string? fault in found) output.WriteLine($"{path}, line {prompt.Line}: {fault}");
            }
        }
        if (prompts == 0 && faults == 0) throw new PromptFileException(folder, 0, "no templates.yaml with such prompts in this folder or below it");
        var (worded, wrong) = readable && faults == 0 ? WordExamples(folder, filter, output) : (0, 0);
        output.WriteLine($"{prompts} prompts: {faults + wrong} faults{(worded > 0 ? $"; {worded:N0} examples of the API documentation worded" : "")}");
        return faults + wrong == 0 ? 0 : 1;
    }

    private static IEnumerable<string> FaultsOf(Prompt prompt)
    {
        string? fault = null;
        try
        {
            _ = (prompt.Fields, prompt.FixedChoices);
        }
        catch (TemplateException e)
        {
            fault = e.Message; // names the prompt, line and column
        }
        if (fault is not null) yield return fault;
        int separators = Separators(prompt.Jinja);
        if (separators == 0) yield return $"{prompt.Name}: no '{Prompt.Separator}' in the template, so there is never a target";
        if (separators > 1) yield return $"{prompt.Name}: {separators} times '{Prompt.Separator}' on one way through the template, but only input and target are used";
        if (fault is null && prompt.AnswerChoices is null && prompt.Template.UndeclaredVariables.Contains(Prompt.ChoicesVariable))
            yield return $"{prompt.Name}: the template uses {Prompt.ChoicesVariable}, but the prompt has none";
        if (!Guid.TryParse(prompt.Id, out _)) yield return $"{prompt.Name}: the id '{prompt.Id}' is no UUID";
        if (prompt.Key != prompt.Id) yield return $"{prompt.Name}: it is listed under {prompt.Key}, but its id is {prompt.Id}";
    }

    /// <summary>The most separators that one way through a template meets: of the branches of an <c>if</c> one is taken.</summary>
    private static int Separators(string jinja)
    {
        // Of each open block: what stood before it, the most of its finished branches, and what the branch at hand has.
        var open = new Stack<(int Before, int Most)>();
        int here = 0;
        foreach (Match mark in SeparatorOrBranch().Matches(jinja))
        {
            switch (mark.Groups["word"].Value)
            {
                case "": here++; break;
                case "if" or "for": open.Push((here, 0)); here = 0; break;
                case "elif" or "else" when open.TryPop(out var block): open.Push(block with { Most = Math.Max(block.Most, here) }); here = 0; break;
                case "endif" or "endfor" when open.TryPop(out var block): here = block.Before + Math.Max(block.Most, here); break;
            }
        }
        return here + open.Sum(block => block.Before);
    }

    [GeneratedRegex(@"\|\|\||\{%[-+]?\s*(?<word>if|for|elif|else|endif|endfor)\b")]
    private static partial Regex SeparatorOrBranch();

    /// <summary>The prompts of the offline tasks on real examples: fields are there, two parts come out, the target is a choice.</summary>
    private static (int Worded, int Wrong) WordExamples(string folder, PromptFilter filter, TextWriter output)
    {
        var library = PromptLibrary.Open(folder);
        var names = PromptTasks.ApiDocsFamilies.Keys.ToList();
        if (names.Exists(name => library.Collections.All(c => c.Name != name))) return (0, 0);
        var (worded, wrong) = (0, 0);
        foreach (var task in PromptTasks.FromApiDocs(ApiDocs.Load(), library))
        {
            string path = Path.Combine(folder, task.Name, "templates.yaml");
            foreach (var prompt in task.Prompts.Prompts.Where(p => filter.Accepts(task.Prompts, p, null)))
            {
                try
                {
                    var some = task[Split.Train].Take(Examples).Select(example => prompt.Apply(example, ChoiceSource.First)).ToList();
                    worded += some.Count;
                    string? fault = some.TrueForAll(w => !w.IsUsable) ? "no example gives an input and a target"
                        : some.Find(w => w.IsUsable && w.Choices is not null && w.TargetChoice < 0) is { } odd ? $"the target '{odd.Target}' is none of the choices {string.Join(", ", odd.Choices!)}"
                        : null;
                    if (fault is null) continue;
                    wrong++;
                    output.WriteLine($"{path}: {prompt.Name}: {fault}");
                }
                catch (Exception e) when (e is TemplateException or ArgumentException)
                {
                    wrong++;
                    output.WriteLine($"{path}: {e.Message}");
                }
            }
        }
        return (worded, wrong);
    }
}
