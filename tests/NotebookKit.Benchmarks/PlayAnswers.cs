using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using NotebookKit.Play;
using NotebookKit.Play.Edit;
using NotebookKit.Play.Mask;
using NotebookKit.Play.Prompt;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Mend;
using NotebookKit.Studies.Pmi;
using NotebookKit.Studies.Prompting;
using NotebookKit.Training;

namespace NotebookKit.Benchmarks;

/// <summary>
/// How long the page to try the papers on waits for an answer: questions over HTTP to benches of a preset's sizes, one after the other, and twenty
/// readers at once. An answer takes as long with any weights, so two steps train them; but fine-tuning stops by itself, and so the model under
/// edit learns its facts in full.
/// </summary>
internal static class PlayAnswers
{
    private const string Text =
        "Gets or sets a value that indicates whether the first day of the week is highlighted. Converts the string representation of a number to its double precision floating point equivalent, or throws an exception when it is less than zero.";

    public static int Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string[] args)
    {
        string Option(string name, string otherwise) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault() ?? otherwise;
        string preset = Option("--preset", "cpu");
        int threads = int.Parse(Option("--threads", "2"), CultureInfo.InvariantCulture), times = int.Parse(Option("--times", "60"), CultureInfo.InvariantCulture);
        string[] benches = Option("--benches", "mask,prompt,edit").Split(',');
        TorchRuntime.Load(threads: threads);
        ApiDocs? docs = null;
        PlayStands stands = new(
            new("mask", (preset, told, stop) => MaskPreparation.Prepare((docs ??= ApiDocs.Load(told)).ToCorpus(), Brief(MaskPreparation.Study(preset)), null, told, stop)),
            new("prompt", (preset, told, stop) =>
            {
                var study = Brief(PromptPreparation.Study(preset));
                return new PromptPreparation(progress => PromptTasks.FromApiDocs(docs ??= ApiDocs.Load(progress), PromptLibrary.Open("data/prompts"), study), study, null).Prepare(told, stop);
            }),
            new("edit", (preset, told, stop) => EditPreparation.Prepare(FactBook.Load("data/facts"), Brief(EditPreparation.Study(preset)), null, told, stop)));
        await using var server = await PlayServer.StartAsync(stands, new() { BeginThread = () => TorchRuntime.Load(threads: threads) });
        foreach (string bench in benches) server.Prepare(bench, preset);
        string told = "";
        while (server.States().Where(s => benches.Contains(s.Name)).Any(s => !s.IsReady))
        {
            if (server.States().FirstOrDefault(s => s.Problem.Length > 0) is { } failed) throw new InvalidOperationException($"{failed.Name}: {failed.Problem}");
            if (server.States().FirstOrDefault(s => s.Progress is not null)?.Progress is { } now && now.Stage != told) Console.Error.WriteLine(told = now.Stage);
            await Task.Delay(200);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\npreset {preset}, {threads} threads, {times} answers each; load of the machine {Load()}\n"));
        using HttpClient client = new() { BaseAddress = server.Address };
        Console.WriteLine("| question | least, ms | median, ms | 95th percentile, ms |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach ((string name, string path, object question) in await QuestionsAsync(client, benches))
        {
            List<double> took = [];
            for (int i = -3; i < times; i++)
            {
                double one = await AskAsync(client, path, question);
                if (i >= 0) took.Add(one);
            }
            Row(name, took);
            if (!name.Contains('*')) continue;
            List<double> last = [];
            for (int i = 0; i < Math.Max(3, times / 10); i++) last.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(client, path, question))));
            Row(name.TrimEnd(' ', '*') + ", twenty readers at once", last);
        }
        Console.WriteLine($"\nload of the machine at the end {Load()}");
        return 0;
    }

    private static MaskingStudy Brief(MaskingStudy study) => study with { Pretraining = study.Pretraining with { Training = Brief(study.Pretraining.Training) } };

    private static T0Study Brief(T0Study study) => study with
    {
        Start = study.Start with { Steps = 2 },
        Training = study.Training with { Training = Brief(study.Training.Training) },
        Checks = 1,
        ValidationExamples = 2,
        TestExamples = 2,
    };

    private static MendStudy Brief(MendStudy study) => study with { Training = study.Training with { Steps = 2 } };

    private static TrainingOptions Brief(TrainingOptions training) => training with { Steps = 2, WarmUpSteps = 1 };

    private static async Task<IReadOnlyList<(string Name, string Path, object Question)>> QuestionsAsync(HttpClient client, string[] benches)
    {
        List<(string, string, object)> questions = [];
        if (benches.Contains("mask"))
        {
            var masked = await ReadAsync(client, "api/mask", new { text = Text, rate = 0.15, seed = 3 });
            int start = masked.GetProperty("rows")[4].GetProperty("units").EnumerateArray().Where(u => u.GetProperty("action").GetString() != "visible").MaxBy(u => u.GetProperty("length").GetInt32()).GetProperty("start").GetInt32();
            questions.Add(("mask: five schemes *", "api/mask", new { text = Text, rate = 0.15, seed = 3 }));
            questions.Add(("mask: a gap, six readers, two contexts", "api/mask/fill", new { text = Text, rate = 0.15, seed = 3, scheme = "PMI", start }));
        }
        if (benches.Contains("prompt"))
        {
            var set = (await ReadAsync(client, "api/prompt/choices", new { })).GetProperty("sets")[0];
            var wording = set.GetProperty("templates")[0];
            questions.Add(("prompt: three models, four rules *", "api/prompt",
                new { set = set.GetProperty("name").GetString(), row = 0, template = wording.GetProperty("template").GetString(), choices = wording.GetProperty("choices").GetString() }));
        }
        if (benches.Contains("edit"))
        {
            object Edit(string editor, int thing = 0)
            {
                (string subject, string answer) = new[] { ("the UK", "Keir Starmer"), ("Italy", "Giorgia Meloni"), ("Japan", "Fumio Kishida"), ("Finland", "Petteri Orpo") }[thing];
                return new { relation = "prime minister", subject, answer, editor, rate = 3e-4, strength = 1.0 };
            }
            questions.Add(("edit: no edit", "api/edit", new { edits = Array.Empty<object>(), relation = "prime minister", subject = "the UK" }));
            foreach (string editor in (string[])["fine-tuning", "rates only", "MEND", "ROME"])
                questions.Add(($"edit: {editor}{(editor == "MEND" ? " *" : "")}", "api/edit", new { edits = new[] { Edit(editor) } }));
            questions.Add(("edit: four in a row, MEND", "api/edit", new { edits = Enumerable.Range(0, 4).Select(i => Edit("MEND", i)) }));
        }
        return questions;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string path, object question)
    {
        using var response = await client.PostAsJsonAsync(path, question);
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }

    private static async Task<double> AskAsync(HttpClient client, string path, object question)
    {
        long began = Stopwatch.GetTimestamp();
        await ReadAsync(client, path, question);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Row(string name, List<double> took)
    {
        took.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name.TrimEnd(' ', '*')} | {took[0]:0.0} | {took[took.Count / 2]:0.0} | {took[(int)(0.95 * (took.Count - 1))]:0.0} |"));
    }

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";
}
