using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>Checks a folder of prompts: each fault is a line that names the file, the prompt and, where there is one, the place in its template.</summary>
internal static class PromptsFolder
{
    private const int Examples = 50;

    public static int Check(string folder, PromptFilter filter, TextWriter output)
    {
        var (prompts, faults) = (0, 0);
        var readable = true;
        var ids = new Dictionary<string, string>();
        foreach (var path in Directory.EnumerateFiles(folder, "templates.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
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
            foreach (var prompt in collection.Prompts.Where(p => filter.Accepts(collection, p, null)))
            {
                prompts++;
                foreach (var fault in FaultsOf(prompt).Concat(Repeated(ids, prompt, $"{collection.Name}/{prompt.Name}")))
                {
                    faults++;
                    output.WriteLine($"{path}: {fault}");
                }
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
        if (!prompt.Jinja.Contains(Prompt.Separator, StringComparison.Ordinal)) yield return $"{prompt.Name}: no '{Prompt.Separator}' in the template, so there is never a target";
        if (!Guid.TryParse(prompt.Id, out _)) yield return $"{prompt.Name}: the id '{prompt.Id}' is no UUID";
    }

    private static IEnumerable<string> Repeated(Dictionary<string, string> ids, Prompt prompt, string name)
    {
        if (!ids.TryAdd(prompt.Id, name)) yield return $"{prompt.Name}: the id {prompt.Id} is also that of {ids[prompt.Id]}";
    }

    /// <summary>The prompts of the offline tasks on real examples: fields are there, two parts come out, the target is a choice.</summary>
    private static (int Worded, int Wrong) WordExamples(string folder, PromptFilter filter, TextWriter output)
    {
        var library = PromptLibrary.Open(folder);
        var names = PromptTasks.ApiDocsFamilies.Keys.ToList();
        if (names.Exists(name => library.Collections.All(c => c.Name != name))) return (0, 0);
        var (worded, wrong) = (0, 0);
        foreach (var task in PromptTasks.FromApiDocs(ApiDocs.Load(), library))
        {
            var path = Path.Combine(folder, task.Name, "templates.yaml");
            foreach (var prompt in task.Prompts.Prompts.Where(p => filter.Accepts(task.Prompts, p, null)))
            {
                try
                {
                    var some = task[Split.Train].Take(Examples).Select(example => prompt.Apply(example, ChoiceSource.First)).ToList();
                    worded += some.Count;
                    var fault = some.TrueForAll(w => !w.IsUsable) ? "no example gives an input and a target"
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
