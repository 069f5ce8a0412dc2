"""Runs: an experiment as a folder that programs can resume, watch, reload and send.

run.json                the definition: data, split, scaling, settings, backends, decisions
series.safetensors      the rows, so that nothing outside the folder is needed
events.jsonl            the events since the last start or resume
progress.json           the progress of each backend in its current epoch
lock                    locked by the program that trains the run
stop                    asks that program to stop
BACKEND/training.safetensors, best.safetensors, snapshots/    see `lstm_forecasting.checkpoints`
BACKEND/forecasts.safetensors                                 the result
"""
